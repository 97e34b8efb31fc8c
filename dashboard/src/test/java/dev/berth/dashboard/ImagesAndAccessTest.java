package dev.berth.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.dashboard.port.ImageCatalog.Manifest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class ImagesAndAccessTest {
  private static final String DIGEST = "sha256:" + "b".repeat(64);
  private static final String CONFIG = "sha256:" + "c".repeat(64);
  private final Stage stage = new Stage();

  private static void step(ArrayNode history, String time, String text, boolean empty) {
    ObjectNode entry = history.addObject().put("created", time).put("created_by", text);
    if (empty) {
      entry.put("empty_layer", true);
    }
  }

  /// Built here upon an image that was built here too.
  private static ObjectNode config() {
    ObjectNode config = Json.object().put("created", "2026-11-23T10:00:00Z");
    ObjectNode inner = config.putObject("config");
    inner.putArray("Env").add("API_KEY=hunter2");
    inner.putObject("ExposedPorts").putObject("8080/tcp");
    ArrayNode history = config.putArray("history");
    step(history, "2026-01-01T00:00:00Z", "RUN apt-get install -y python3", false);
    step(history, "2026-11-23T10:00:00Z", "WORKDIR /srv", true);
    step(history, "2026-11-23T10:00:00Z", "RUN pip install numpy", false);
    step(history, "2026-11-23T10:00:00Z", "COPY . .", false);
    return config;
  }

  private void store(ObjectNode config, int layers) {
    ObjectNode manifest = Json.object();
    manifest.putObject("config").put("digest", CONFIG).put("size", 10);
    ArrayNode list = manifest.putArray("layers");
    for (int i = 0; i < layers; i++) {
      list.addObject().put("digest", "sha256:" + i).put("size", 100);
    }
    ObjectNode context =
        Json.object().put("artifactType", "application/vnd.berth.build-context.v1");
    stage.images.byRepository.put(
        "shop/iris-model",
        Map.of(
            "1",
            new Manifest(DIGEST, manifest, 100),
            "ctx",
            new Manifest("sha256:d", context, 100)));
    stage.images.blobs.put(CONFIG, Json.bytes(config));
  }

  private List<String> parts() {
    return stage
        .json("/ui/api/image?name=shop/iris-model:1")
        .path("layers")
        .valueStream()
        .map(layer -> Json.text(layer, "part"))
        .toList();
  }

  @Test
  void layersAreToldApartByWhoBroughtThem() {
    store(config(), 3);
    assertEquals(List.of("base", "libraries", "application"), parts());
  }

  @Test
  void aHistoryOfOtherLayersGivesNoTexts() {
    store(config(), 2);
    JsonNode layers = stage.json("/ui/api/image?name=shop/iris-model:1").path("layers");
    assertEquals("", Json.text(layers.path(1), "instruction"));
  }

  @Test
  void anImagesEnvironmentIsNotTold() {
    store(config(), 3);
    assertFalse(
        Json.string(stage.json("/ui/api/image?name=shop/iris-model:1")).contains("hunter2"));
  }

  @Test
  void aManifestIsReadOnceHoweverOftenItIsListed() {
    store(config(), 3);
    stage.json("/ui/api/rows/images");
    int reads = stage.images.reads;
    stage.pass(Duration.ofSeconds(3));
    assertEquals(1, stage.json("/ui/api/rows/images").path("rows").size());
    assertEquals(reads, stage.images.reads);
  }

  @Test
  void anImageIsUsedByTheAppWhosePodsRunIt() {
    store(config(), 3);
    ObjectNode pod = Things.ofApp(Things.pod("shop", "iris-model-r1-a"), "iris", "model");
    ((ObjectNode) Json.at(pod, "spec", "containers").path(0))
        .put("image", "registry.local/shop/iris-model@" + DIGEST);
    stage.cluster.add(Kinds.POD, pod).add(Kinds.POD, Things.pod("shop", "box"));
    JsonNode rows = stage.json("/ui/api/rows/images").path("rows");
    assertEquals("busybox In use null", told(rows.path(0)));
    assertEquals("shop/iris-model:1 In use 310", told(rows.path(1)));
    assertEquals("iris", Json.text(rows.path(1).path("usedBy").path(0), "name"));
    assertEquals(2, rows.size(), "a build's context is no image");
  }

  private static String told(JsonNode row) {
    return Json.text(row, "name") + " " + Json.text(row, "word") + " " + row.path("size");
  }

  @Test
  void aRepositoryIsHiddenFromWhoMayNotReadIt() {
    store(config(), 3);
    stage.cluster.add(Kinds.POD, Things.pod("shop", "box"));
    JsonNode rows =
        Json.parse(stage.ask(FakeRequest.get("/ui/api/rows/images").by("shop")).body())
            .path("rows");
    assertEquals(1, rows.size());
    assertThrows(
        ApiException.class,
        () -> stage.ask(FakeRequest.get("/ui/api/image?name=shop/iris-model:1").by("shop")));
  }

  private static ObjectNode binding(String kind, String namespace, String role, String user) {
    ObjectNode binding = Things.named(kind, namespace, role + "-" + user);
    binding.putArray("subjects").addObject().put("kind", "User").put("name", user);
    String roleKind = kind.equals("RoleBinding") ? "Role" : "ClusterRole";
    binding.putObject("roleRef").put("kind", roleKind).put("name", role);
    return binding;
  }

  @Test
  void accessTellsEachSubjectsRulesInANamespace() {
    ObjectNode role = Things.named("Role", "shop", "reader");
    ObjectNode rule = role.putArray("rules").addObject();
    rule.putArray("verbs").add("get");
    rule.putArray("resources").add("pods");
    stage.cluster.add(Kinds.ROLE, role);
    stage.cluster.add(Kinds.ROLE_BINDING, binding("RoleBinding", "shop", "reader", "ann"));
    stage.cluster.add(Kinds.ROLE_BINDING, binding("RoleBinding", "lab", "reader", "bob"));
    stage.cluster.add(Kinds.CLUSTER_ROLE_BINDING, binding("ClusterRoleBinding", "", "gone", "eve"));
    JsonNode access = stage.json("/ui/api/access?namespace=shop");
    JsonNode entries = access.path("entries");
    assertEquals(2, entries.size());
    assertEquals("ann", Json.text(entries.path(0), "subject", "name"));
    assertEquals("[\"pods\"]", entries.path(0).path("rules").path(0).path("resources").toString());
    assertEquals("[]", entries.path(1).path("rules").toString());
    assertEquals("true", Json.text(access, "complete"));
  }

  @Test
  void accessOfAnotherNamespaceIsRefused() {
    FakeRequest lab = FakeRequest.get("/ui/api/access?namespace=lab").by("shop");
    ApiException refused = assertThrows(ApiException.class, () -> stage.ask(lab));
    assertEquals(403, refused.error().code());
  }
}
