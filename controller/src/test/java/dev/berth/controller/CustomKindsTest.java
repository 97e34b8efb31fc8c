package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.codec.Manifests;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Kinds that a definition brings, over HTTP, as clients see them.
class CustomKindsTest {
  private static final String DEFINITIONS =
      "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  private static final String TABS = "/apis/stable.example.com/v1/namespaces/default/crontabs";
  private static final String OLD_TABS =
      "/apis/stable.example.com/v1beta1/namespaces/default/crontabs";
  private static final ObjectKey NAME = ObjectKey.clusterScoped("crontabs.stable.example.com");

  @TempDir Path directory;
  private Controller controller;
  private ApiClient admin;

  private record Answer(int status, JsonNode body, String warning) {}

  @BeforeEach
  void start() throws Exception {
    open();
    admin.create(Kinds.CUSTOM_RESOURCE_DEFINITION, definition());
    assertTrue(Waiting.until(this::established), "not established");
  }

  private void open() throws IOException {
    controller = Controller.start(ControllerConfig.defaults(directory).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
  }

  @AfterEach
  void stop() {
    admin.close();
    controller.close();
  }

  private boolean established() {
    return Conditions.isTrue(admin.get(Kinds.CUSTOM_RESOURCE_DEFINITION, NAME), "Established");
  }

  private static ObjectNode definition() throws IOException {
    try (InputStream yaml = CustomKindsTest.class.getResourceAsStream("crontab-definition.yaml")) {
      return Manifests.parse("crontab", yaml.readAllBytes()).getFirst().tree();
    }
  }

  private Answer send(String method, String path, String type, String body) throws IOException {
    HttpResponse<InputStream> answer =
        admin.raw(method, path, Map.of("Content-Type", type), BodyPublishers.ofString(body));
    return new Answer(
        answer.statusCode(),
        Json.parse(answer.body().readAllBytes()),
        answer.headers().firstValue("Warning").orElse(""));
  }

  private Answer create(String name, String spec, String query) throws IOException {
    String tab =
        "{\"apiVersion\":\"stable.example.com/v1\",\"kind\":\"CronTab\",\"metadata\":{\"name\":\""
            + name
            + "\"},\"spec\":"
            + spec
            + "}";
    return send("POST", TABS + query, "application/json", tab);
  }

  private JsonNode get(String path) throws IOException {
    return Json.parse(admin.raw("GET", path).body().readAllBytes());
  }

  @Test
  void defaultsComeAndWhatIsUnknownGoes() throws Exception {
    Answer made =
        create(
            "a",
            "{\"cronSpec\":\"* * * * *\",\"bogus\":1,\"free\":{\"any\":1},\"steps\":[{\"name\":\"x\"}],"
                + "\"template\":{\"kind\":\"A\",\"metadata\":{\"name\":\"t\",\"odd\":1},\"more\":1}}",
            "");
    assertEquals(201, made.status(), made.body().toString());
    assertTrue(made.warning().contains("unknown field \\\"spec.bogus\\\""), made.warning());
    assertEquals(
        Json.parse(
            "{\"cronSpec\":\"* * * * *\",\"free\":{\"any\":1},\"steps\":[{\"name\":\"x\",\"retries\":2}],"
                + "\"template\":{\"kind\":\"A\",\"metadata\":{\"name\":\"t\"},\"more\":1},"
                + "\"replicas\":1,\"policy\":\"Allow\"}"),
        made.body().path("spec"));
    assertEquals(1, Json.generation(made.body()));
    Answer strict =
        create("b", "{\"cronSpec\":\"* * * * *\",\"bogus\":1}", "?fieldValidation=Strict");
    assertEquals(400, strict.status());
    assertTrue(strict.body().toString().contains("unknown field"), strict.body().toString());
  }

  @Test
  void whatTheSchemaForbidsIsRefusedWithItsField() throws Exception {
    Answer bad =
        create(
            "a",
            "{\"cronSpec\":\"x\",\"replicas\":11,\"policy\":\"Never\",\"image\":\"\",\"port\":true,"
                + "\"steps\":[{\"name\":\"x\"},{\"name\":\"x\"}],\"labels\":{\"a\":1}}",
            "");
    assertEquals(422, bad.status(), bad.body().toString());
    for (String field :
        new String[] {
          "spec.cronSpec",
          "spec.replicas",
          "spec.policy",
          "spec.image",
          "spec.port",
          "spec.steps[1]",
          "spec.labels[a]"
        }) {
      assertTrue(
          Json.at(bad.body(), "details", "causes")
              .valueStream()
              .anyMatch(cause -> Json.text(cause, "field").equals(field)),
          field + " in " + bad.body());
    }
    Answer empty = create("a", "{}", "");
    assertTrue(empty.body().toString().contains("spec.cronSpec"), empty.body().toString());
  }

  @Test
  void everyServedVersionShowsTheSameObject() throws Exception {
    create("a", "{\"cronSpec\":\"* * * * *\"}", "");
    JsonNode old = get(OLD_TABS + "/a");
    assertEquals("stable.example.com/v1beta1", Json.text(old, "apiVersion"));
    assertEquals("* * * * *", Json.text(old, "spec", "cronSpec"));
    String patch = "{\"spec\":{\"image\":\"i\"}}";
    Answer patched = send("PATCH", OLD_TABS + "/a", "application/merge-patch+json", patch);
    assertEquals("stable.example.com/v1beta1", Json.text(patched.body(), "apiVersion"));
    JsonNode list = get(TABS);
    assertEquals("CronTabList", Json.text(list, "kind"));
    JsonNode first = list.path("items").path(0);
    assertEquals("stable.example.com/v1", Json.text(first, "apiVersion"));
    assertEquals("i", Json.text(first, "spec", "image"));
    assertEquals(2, Json.generation(first));
  }

  @Test
  void statusIsApartAndApplyMergesListsByTheirKeys() throws Exception {
    create("a", "{\"cronSpec\":\"* * * * *\",\"steps\":[{\"name\":\"x\",\"retries\":1}]}", "");
    String status =
        "{\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]},\"spec\":{\"replicas\":9}}";
    send("PATCH", TABS + "/a/status", "application/merge-patch+json", status);
    assertEquals(1, Json.at(get(TABS + "/a"), "spec", "replicas").asInt());
    Answer applied =
        send(
            "PATCH",
            TABS + "/a?fieldManager=me",
            "application/apply-patch+yaml",
            "{apiVersion: stable.example.com/v1, kind: CronTab, metadata: {name: a},"
                + " spec: {steps: [{name: z}]}}");
    assertEquals(200, applied.status(), applied.body().toString());
    assertEquals(2, Json.at(applied.body(), "spec", "steps").size());
    assertEquals(
        "Ready", Json.at(applied.body(), "status", "conditions").path(0).path("type").asString());
    int strategic =
        send("PATCH", TABS + "/a", "application/strategic-merge-patch+json", "{}").status();
    assertEquals(415, strategic);
    var table =
        admin.raw(
            "GET",
            TABS,
            Map.of("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io"),
            BodyPublishers.noBody());
    JsonNode cells = Json.parse(table.body().readAllBytes()).path("rows").path(0).path("cells");
    assertEquals("a", cells.path(0).asString());
    assertEquals("* * * * *", cells.path(1).asString());
    assertEquals(1, cells.path(2).asInt());
    assertEquals("True", cells.path(3).asString());
  }

  @Test
  void discoveryAndOpenApiNameItWhileItIsThereAndItsObjectsGoWithIt() throws Exception {
    create("a", "{\"cronSpec\":\"* * * * *\"}", "");
    assertTrue(get("/apis").toString().contains("stable.example.com"));
    assertTrue(get("/apis/stable.example.com/v1").toString().contains("crontabs/status"));
    assertTrue(get("/openapi/v3/apis/stable.example.com/v1").toString().contains("five fields"));
    assertTrue(get("/openapi/v2").toString().contains("CronTab"));
    admin.close();
    controller.close();
    open();
    assertEquals("a", Json.name(get(TABS + "/a")), "it survives a restart");
    admin.raw("DELETE", DEFINITIONS + "/" + NAME.name());
    assertTrue(Waiting.until(() -> admin.find(Kinds.CUSTOM_RESOURCE_DEFINITION, NAME).isEmpty()));
    assertEquals(404, send("GET", TABS + "/a", "", "").status());
    assertFalse(get("/apis").toString().contains("stable.example.com"));
    admin.create(Kinds.CUSTOM_RESOURCE_DEFINITION, definition());
    assertTrue(Waiting.until(this::established));
    assertEquals(0, get(TABS).path("items").size());
  }

  @Test
  void itsObjectsGoWithItWhenItWasReplacedByItsManifest() throws Exception {
    create("a", "{\"cronSpec\":\"* * * * *\"}", "");
    String manifest = definition().toString();
    String path = DEFINITIONS + "/" + NAME.name();
    assertEquals(200, send("PUT", path, "application/json", manifest).status());
    assertEquals(0, itemsAfterItCameAgain());
  }

  @Test
  void itsObjectsGoWithItWhenItServesNoVersion() throws Exception {
    create("a", "{\"cronSpec\":\"* * * * *\"}", "");
    withdraw();
    assertEquals(0, itemsAfterItCameAgain());
  }

  private void withdraw() throws IOException {
    ObjectNode withdrawn = definition();
    for (JsonNode version : Json.at(withdrawn, "spec", "versions")) {
      ((ObjectNode) version).put("served", false);
    }
    String path = DEFINITIONS + "/" + NAME.name();
    assertEquals(200, send("PUT", path, "application/json", withdrawn.toString()).status());
  }

  private int itemsAfterItCameAgain() throws IOException {
    admin.raw("DELETE", DEFINITIONS + "/" + NAME.name());
    assertTrue(Waiting.until(() -> admin.find(Kinds.CUSTOM_RESOURCE_DEFINITION, NAME).isEmpty()));
    admin.create(Kinds.CUSTOM_RESOURCE_DEFINITION, definition());
    assertTrue(Waiting.until(this::established));
    return get(TABS).path("items").size();
  }

  @Test
  void conversionByWebhookIsRefusedBecauseFieldsWouldBeLost() throws Exception {
    ObjectNode converted = definition();
    Json.ensure(converted, "spec", "conversion").put("strategy", "Webhook");
    String path = DEFINITIONS + "/" + NAME.name();
    Answer refused = send("PUT", path, "application/json", converted.toString());
    assertEquals(422, refused.status());
    assertTrue(
        Json.text(refused.body(), "message").contains("spec.conversion.strategy: Invalid value"),
        refused.body().toString());
  }

  @Test
  void aNameThatIsTakenIsNotAcceptedUntilItIsFree() throws Exception {
    ObjectNode rival = definition();
    Json.meta(rival).put("name", "others.stable.example.com");
    Json.ensure(rival, "spec", "names").put("plural", "others").put("singular", "other");
    admin.create(Kinds.CUSTOM_RESOURCE_DEFINITION, rival);
    ObjectKey key = ObjectKey.clusterScoped("others.stable.example.com");
    assertTrue(
        Waiting.until(
            () ->
                Conditions.find(admin.get(Kinds.CUSTOM_RESOURCE_DEFINITION, key), "NamesAccepted")
                    .filter(c -> c.status().equals("False"))
                    .isPresent()));
    admin.raw("DELETE", DEFINITIONS + "/" + NAME.name());
    assertTrue(
        Waiting.until(
            () ->
                Conditions.isTrue(
                    admin.get(Kinds.CUSTOM_RESOURCE_DEFINITION, key), "Established")));
  }

  @Test
  void aNamespaceGoesWithItsCustomObjects() throws Exception {
    ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    Json.meta(namespace).put("name", "gone");
    admin.create(Kinds.NAMESPACE, namespace);
    String path = TABS.replace("default", "gone");
    String tab = "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"cronSpec\":\"* * * * *\"}}";
    assertEquals(201, send("POST", path, "application/json", tab).status());
    admin.raw("DELETE", "/api/v1/namespaces/gone");
    ObjectKey key = ObjectKey.clusterScoped("gone");
    assertTrue(Waiting.until(() -> admin.find(Kinds.NAMESPACE, key).isEmpty()));
    assertEquals(404, send("GET", path + "/a", "", "").status());
  }

  @Test
  void aNamespaceGoesWithItsCustomObjectsThatAreNotServed() throws Exception {
    ObjectNode namespace = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
    Json.meta(namespace).put("name", "gone");
    admin.create(Kinds.NAMESPACE, namespace);
    String path = TABS.replace("default", "gone");
    String tab = "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"cronSpec\":\"* * * * *\"}}";
    assertEquals(201, send("POST", path, "application/json", tab).status());
    withdraw();
    admin.close();
    controller.close();
    open();
    admin.raw("DELETE", "/api/v1/namespaces/gone");
    ObjectKey key = ObjectKey.clusterScoped("gone");
    assertTrue(Waiting.until(() -> admin.find(Kinds.NAMESPACE, key).isEmpty()));
    String again = definition().toString();
    String definition = DEFINITIONS + "/" + NAME.name();
    assertEquals(200, send("PUT", definition, "application/json", again).status());
    assertEquals(404, send("GET", path + "/a", "", "").status());
  }

  @Test
  void customObjectsOwnOthersAndAreOwned() throws Exception {
    JsonNode owner = create("owner", "{\"cronSpec\":\"* * * * *\"}", "").body();
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(map).put("name", "owned").put("namespace", "default");
    Json.meta(map).putArray("ownerReferences").add(reference(owner));
    JsonNode stored = admin.create(Kinds.CONFIG_MAP, map);
    ObjectNode tab = Json.object();
    Json.meta(tab).put("name", "last").putArray("ownerReferences").add(reference(stored));
    tab.putObject("spec").put("cronSpec", "* * * * *");
    send("POST", TABS, "application/json", tab.toString());
    assertEquals(200, admin.raw("DELETE", TABS + "/owner").statusCode());
    ObjectKey key = new ObjectKey("default", "owned");
    assertTrue(Waiting.until(() -> admin.find(Kinds.CONFIG_MAP, key).isEmpty()));
    assertTrue(Waiting.until(() -> isGone(TABS + "/last")));
  }

  @Test
  void anOwnerWaitsNoLongerThanItsDependantsThatNameAnotherVersion() throws Exception {
    JsonNode owner = create("owner", "{\"cronSpec\":\"* * * * *\"}", "").body();
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(map).put("name", "owned").put("namespace", "default");
    Json.meta(map)
        .putArray("ownerReferences")
        .add(reference(owner).put("apiVersion", "stable.example.com/v1beta1"));
    admin.create(Kinds.CONFIG_MAP, map);
    String foreground = "{\"propagationPolicy\":\"Foreground\"}";
    send("DELETE", TABS + "/owner", "application/json", foreground);
    assertTrue(Waiting.until(() -> isGone(TABS + "/owner")));
  }

  private boolean isGone(String path) {
    return admin.raw("GET", path).statusCode() == 404;
  }

  private static ObjectNode reference(JsonNode owner) {
    return Json.object()
        .put("apiVersion", Json.text(owner, "apiVersion"))
        .put("kind", Json.text(owner, "kind"))
        .put("name", Json.name(owner))
        .put("uid", Json.uid(owner));
  }

  @Test
  void aLongPathOfAColumnAndALongTextForAPatternHarmNobody() throws Exception {
    ObjectNode definition = definition();
    JsonNode version = Json.at(definition, "spec", "versions").path(1);
    ((ObjectNode) version.path("additionalPrinterColumns").path(0))
        .put("jsonPath", "." + "a".repeat(20_000));
    Json.ensure((ObjectNode) version, "schema", "openAPIV3Schema", "properties", "spec")
        .withObject("/properties/image")
        .put("pattern", "^([a-z0-9]|-|\\.)*$");
    String path = DEFINITIONS + "/" + NAME.name();
    assertEquals(200, send("PUT", path, "application/json", definition.toString()).status());
    assertEquals(200, admin.raw("GET", "/apis").statusCode());
    String spec = "{\"cronSpec\":\"* * * * *\",\"image\":\"" + "a".repeat(50_000) + "\"}";
    assertEquals(422, create("a", spec, "").status());
    assertEquals(201, create("b", spec.replaceAll("a{9,}", "a"), "").status());
  }

  @Test
  void builtInKindsHaveTheirOlderVersionsToo() throws Exception {
    String old = "/apis/autoscaling/v1/namespaces/default/horizontalpodautoscalers";
    String scaler =
        "{\"metadata\":{\"name\":\"h\"},\"spec\":{\"maxReplicas\":3,\"targetCPUUtilizationPercentage\":70,"
            + "\"scaleTargetRef\":{\"kind\":\"Deployment\",\"name\":\"d\",\"apiVersion\":\"apps/v1\"}}}";
    Answer made = send("POST", old, "application/json", scaler);
    assertEquals(201, made.status(), made.body().toString());
    assertEquals("autoscaling/v1", Json.text(made.body(), "apiVersion"));
    assertTrue(made.warning().contains("nothing scales by it yet"), made.warning());
    JsonNode now = get(old.replace("v1", "v2") + "/h");
    assertEquals("autoscaling/v2", Json.text(now, "apiVersion"));
    assertEquals("Resource", Json.text(Json.at(now, "spec", "metrics").path(0), "type"));
    JsonNode list = get(old);
    assertEquals(
        70, Json.at(list.path("items").path(0), "spec", "targetCPUUtilizationPercentage").asInt());
    JsonNode group = get("/apis/autoscaling");
    assertEquals("autoscaling/v2", Json.text(group, "preferredVersion", "groupVersion"));
    assertEquals("EventList", Json.text(get("/apis/events.k8s.io/v1/events"), "kind"));
  }

  @Test
  void scaleReadsAndWritesWhereTheDefinitionSays() throws Exception {
    String paths =
        "{\"specReplicasPath\":\".spec.free.size\",\"statusReplicasPath\":\".status.size\","
            + "\"labelSelectorPath\":\".spec.image\"}";
    String definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + NAME.name();
    String operation =
        "[{\"op\":\"add\",\"path\":\"/spec/versions/1/subresources/scale\",\"value\":%s}]";
    String json = "application/json-patch+json";
    Answer wrong = send("PATCH", definitions, json, operation.formatted("{}"));
    assertEquals(422, wrong.status());
    assertEquals(200, send("PATCH", definitions, json, operation.formatted(paths)).status());
    create("a", "{\"cronSpec\":\"* * * * *\",\"image\":\"app=a\",\"free\":{\"size\":3}}", "");

    String merge = "application/merge-patch+json";
    assertEquals(3, get(TABS + "/a/scale").path("spec").path("replicas").asInt(-1));
    Answer scaled = send("PATCH", TABS + "/a/scale", merge, "{\"spec\":{\"replicas\":5}}");
    assertEquals(5, scaled.body().path("spec").path("replicas").asInt(-1));
    assertEquals("app=a", Json.text(scaled.body(), "status", "selector"));
    assertEquals("5", Json.text(get(TABS + "/a"), "spec", "free", "size"));
    assertEquals("1", Json.text(get(TABS + "/a"), "spec", "replicas"));
    Answer negative = send("PATCH", TABS + "/a/scale", merge, "{\"spec\":{\"replicas\":-1}}");
    assertEquals(422, negative.status());
  }

  @Test
  void theScaleOfAReplicationControllerSelectsItsPodsOnly() throws Exception {
    String all = "/api/v1/namespaces/default/replicationcontrollers";
    String made =
        "{\"metadata\":{\"name\":\"r\"},\"spec\":{\"replicas\":2,\"selector\":{\"app\":\"r\"},"
            + "\"template\":{\"metadata\":{\"labels\":{\"app\":\"r\"}},"
            + "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"a:1\"}]}}}}";
    assertEquals(201, send("POST", all, "application/json", made).status());
    JsonNode scale = get(all + "/r/scale");
    assertEquals("2", Json.text(scale, "spec", "replicas"));
    assertEquals("app=r", Json.text(scale, "status", "selector"));
  }

  @Test
  void whatIsReplacedByItselfMovesToTheNewStorageVersion() throws Exception {
    create("a", "{\"cronSpec\":\"* * * * *\"}", "");
    JsonNode before = get(TABS + "/a");
    assertEquals(
        Json.resourceVersion(before),
        Json.resourceVersion(
            send("PUT", TABS + "/a", "application/json", before.toString()).body()));
    Answer moved =
        send(
            "PATCH",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/" + NAME.name(),
            "application/json-patch+json",
            "[{\"op\":\"replace\",\"path\":\"/spec/versions/1/storage\",\"value\":false},"
                + "{\"op\":\"replace\",\"path\":\"/spec/versions/0/storage\",\"value\":true}]");
    assertEquals(200, moved.status(), moved.body().toString());
    Answer again = send("PUT", TABS + "/a", "application/json", before.toString());
    assertNotEquals(Json.resourceVersion(before), Json.resourceVersion(again.body()));
  }

  @Test
  void aGroupPrefersItsNewestVersion() throws Exception {
    JsonNode group = get("/apis/stable.example.com");
    assertEquals("v1", Json.text(group, "preferredVersion", "version"));
    assertEquals("v2", Json.text(get("/apis/autoscaling"), "preferredVersion", "version"));
  }

  @Test
  void whatIsCountedOrNamedCanBeSelectedBy() throws Exception {
    for (String path :
        List.of(
            "/apis/batch/v1/jobs?fieldSelector=status.successful%3D0",
            "/api/v1/replicationcontrollers?fieldSelector=status.replicas%3D0",
            "/apis/certificates.k8s.io/v1/certificatesigningrequests?fieldSelector=spec.signerName%3Da",
            "/apis/events.k8s.io/v1/events?fieldSelector=regarding.kind%3DPod")) {
      assertTrue(get(path).path("items").isArray(), path);
    }
  }
}
