package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.client.ListOptions;
import dev.berth.client.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Deployments whose pods the test makes ready, as an agent would.
@ExtendWith(Live.class)
@SuppressWarnings("NullAway.Init") // one server for all
class RolloutTest {
  private static final String NS = "rollout-test";
  private static LiveApi api;

  @BeforeAll
  static void start(LiveApi live) {
    api = live;
    api.namespace(NS);
  }

  private static ObjectKey key(String name) {
    return new ObjectKey(NS, name);
  }

  private static void deployment(String name, String image) {
    api.create(
        """
        {"apiVersion": "apps/v1", "kind": "Deployment",
         "metadata": {"name": "%1$s", "namespace": "rollout-test",
                      "annotations": {"kubernetes.io/change-cause": "first of %1$s"}},
         "spec": {"selector": {"matchLabels": {"app": "%1$s"}},
                  "template": {"metadata": {"labels": {"app": "%1$s"}},
                               "spec": {"containers": [{"name": "c", "image": "%2$s"}]}}}}"""
            .formatted(name, image));
    seen(name, "1");
  }

  private static void seen(String name, String revision) {
    LiveApi.until(
        name + " has revision " + revision,
        () ->
            Json.annotation(deployment(name), "deployment.kubernetes.io/revision")
                .equals(java.util.Optional.of(revision)));
  }

  private static ObjectNode deployment(String name) {
    return api.client.get(Kinds.DEPLOYMENT, key(name));
  }

  private static void setImage(String name, String image) {
    api.client.patch(
        Kinds.DEPLOYMENT,
        key(name),
        PatchType.STRATEGIC,
        Json.parse(
            "{\"spec\":{\"template\":{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"%s\"}]}}}}"
                .formatted(image)),
        null);
  }

  private static String image(String name) {
    return deployment(name).at("/spec/template/spec/containers/0/image").asString();
  }

  private static LiveApi.Ran rollout(String... words) {
    List<String> all = new java.util.ArrayList<>(List.of("rollout"));
    all.addAll(List.of(words));
    all.addAll(List.of("-n", NS));
    return api.berth(all.toArray(String[]::new));
  }

  @Test
  void thereIsAWayBackAndForth() {
    deployment("shop", "shop:1");
    setImage("shop", "shop:2");
    seen("shop", "2");

    LiveApi.Ran history = rollout("history", "shop");
    assertEquals(
        List.of("REVISION", "1", "2"),
        history.lines().stream().map(line -> line.split(" ", -1)[0]).toList(),
        history::err);
    assertTrue(history.lines().get(1).matches("1 .* shop:1 +first of shop"), history.out());
    assertTrue(history.lines().get(2).startsWith("2 (now) "), history.out());
    LiveApi.Ran template = rollout("history", "deployment/shop", "--revision", "1");
    assertTrue(template.out().contains("image: shop:1"), template.out());
    assertTrue(!template.out().contains("pod-template-hash"), template.out());

    LiveApi.Ran dry = rollout("undo", "shop", "--dry-run");
    assertTrue(dry.out().contains("image: shop:1"), dry.out());
    assertEquals("shop:2", image("shop"));

    LiveApi.Ran undone = rollout("undo", "deployment", "shop");
    assertEquals("deployment/shop goes back to revision 1\n", undone.out(), undone.err());
    assertTrue(undone.err().contains("berth rollout status deployment/shop"), undone.err());
    assertEquals("shop:1", image("shop"));
    seen("shop", "3");
    assertEquals(0, rollout("undo", "shop", "--to-revision", "2").code());
    assertEquals("shop:2", image("shop"));
    seen("shop", "4");
    assertTrue(
        rollout("undo", "shop", "--to-revision", "4").err().contains("at revision 4 already"));
  }

  @Test
  void aRevisionThatIsNotThereNamesThoseThatAre() {
    deployment("single", "x:1");
    LiveApi.Ran none = rollout("undo", "single");
    assertEquals(1, none.code());
    assertTrue(none.err().contains("has no revision before 1"), none.err());
    LiveApi.Ran seventh = rollout("undo", "single", "--to-revision", "7");
    assertTrue(seventh.err().contains("has no revision 7\n  it has 1"), seventh.err());
  }

  @Test
  void whatIsPausedOrAnothersIsNotUndone() {
    deployment("paused", "x:1");
    api.client.patch(
        Kinds.DEPLOYMENT,
        key("paused"),
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"paused\":true}}"),
        null);
    assertTrue(rollout("undo", "paused").err().contains("is paused"));
    api.create(
        """
        {"apiVersion": "berth.dev/v1alpha1", "kind": "ModelApp",
         "metadata": {"name": "iris", "namespace": "rollout-test"},
         "spec": {"model": {"image": "iris:1"}, "endpoint": {"protocol": "http"}}}""");
    LiveApi.Ran app = rollout("undo", "iris");
    assertEquals(1, app.code());
    assertTrue(app.err().contains("of modelapp/iris no earlier manifest is kept"), app.err());
    LiveApi.until(
        "its model has a Deployment",
        () -> api.client.find(Kinds.DEPLOYMENT, key("iris-model-r1")).isPresent());
    LiveApi.Ran model = rollout("undo", "deployment/iris-model-r1");
    assertTrue(
        model.err().contains("deployment/iris-model-r1 belongs to modelapp/iris"), model.err());
    assertTrue(model.err().contains("  undo that: berth rollout undo modelapp/iris"), model.err());
    LiveApi.until("its revision", () -> rollout("history", "iris").out().contains("r1 "));
  }

  private static String modelImage() {
    return api.client.get(Kinds.MODEL_APP, key("wine")).at("/spec/model/image").asString();
  }

  private static void apply(Path dir, String image, String more) throws IOException {
    Files.writeString(
        dir.resolve("wine.yaml"),
        """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata: {name: wine, namespace: rollout-test}
        spec:
          model: {image: "%s"%s}
          endpoint: {protocol: http}
        """
            .formatted(image, more));
    LiveApi.Ran ran = api.berth("apply", "--no-wait", "-f", dir.toString());
    assertEquals(0, ran.code(), ran.err());
  }

  @Test
  void aModelAppGoesBackToTheManifestOfBeforeAndForth(@TempDir Path dir) throws IOException {
    apply(dir, "wine:1", ", port: 9000");
    assertEquals(1, rollout("undo", "modelapp/wine").code(), "there is none before the first");
    apply(dir, "wine:2", "");
    apply(dir, "wine:2", "");
    assertTrue(rollout("undo", "wine", "--dry-run").out().contains("image: wine:1"));

    LiveApi.Ran undone = rollout("undo", "modelapp/wine");
    assertEquals("modelapp/wine goes back to the manifest of before\n", undone.out(), undone.err());
    assertEquals("wine:1", modelImage());
    assertEquals(
        9000, api.client.get(Kinds.MODEL_APP, key("wine")).at("/spec/model/port").asInt(0));
    assertEquals(0, rollout("undo", "wine").code());
    assertEquals("wine:2", modelImage());
    assertEquals(0, api.berth("diff", "-f", dir.toString()).code(), "as the file says");
  }

  @Test
  void whatComesFromGitIsRolledBackThere() {
    api.create(
        """
        {"apiVersion": "berth.dev/v1alpha1", "kind": "ModelApp",
         "metadata": {"name": "pushed", "namespace": "rollout-test",
                      "labels": {"berth.dev/git-repository": "apps"}},
         "spec": {"model": {"image": "iris:1"}, "endpoint": {"protocol": "http"}}}""");
    deployment("pushed-shop", "shop:1");
    setImage("pushed-shop", "shop:2");
    seen("pushed-shop", "2");
    api.client.patch(
        Kinds.DEPLOYMENT,
        key("pushed-shop"),
        PatchType.MERGE,
        Json.parse("{\"metadata\":{\"labels\":{\"berth.dev/git-repository\":\"apps\"}}}"),
        null);
    for (String name : List.of("modelapp/pushed", "deployment/pushed-shop")) {
      LiveApi.Ran undone = rollout("undo", name);
      assertEquals(1, undone.code(), undone.err());
      assertTrue(undone.err().contains(name + " is applied from a Git repository"), undone.err());
      assertTrue(undone.err().contains("  berth git rollback apps"), undone.err());
    }
    assertEquals("shop:2", image("pushed-shop"));
  }

  @Test
  void whatHasNoRevisionsNamesWhatHas() {
    LiveApi.Ran service = rollout("undo", "service/kubernetes");
    assertTrue(service.err().contains("deployments and modelapps have"), service.err());
  }

  @Test
  void itWaitsUntilTheNewPodsAreReady() {
    deployment("slow", "x:1");
    LiveApi.Ran now = rollout("status", "slow", "--no-wait");
    assertEquals(3, now.code(), now.err());
    assertTrue(now.err().contains("Deployment/slow"), now.err());
    LiveApi.Ran late = rollout("status", "slow", "--timeout", "100ms");
    assertEquals(3, late.code());
    assertTrue(late.err().contains("  berth why deployment/slow --kubeconfig "), late.err());
    CompletableFuture<LiveApi.Ran> waiting =
        CompletableFuture.supplyAsync(() -> rollout("status", "slow"));
    ready("slow");
    assertEquals(0, waiting.join().code());
    assertEquals(0, rollout("status", "deployment/slow", "--no-wait").code());
  }

  private static void ready(String name) {
    LiveApi.until("a pod of " + name, () -> !pods(name).isEmpty());
    for (ObjectNode pod : pods(name)) {
      api.client.patch(
          Kinds.POD,
          ObjectKey.of(pod),
          PatchType.MERGE,
          Json.parse(
              """
              {"status": {"phase": "Running", "conditions": [
                {"type": "Ready", "status": "True", "lastTransitionTime": "2026-01-01T00:00:00Z"}]}}
              """),
          "status");
    }
  }

  private static List<ObjectNode> pods(String name) {
    return api.client
        .list(Kinds.POD, NS, ListOptions.labelled(LabelSelector.of(Map.of("app", name))))
        .items();
  }

  @Test
  void whatCannotRollOutIsSaid() {
    LiveApi.Ran service = rollout("status", "service/kubernetes");
    assertEquals(1, service.code());
    LiveApi.Ran nobody = rollout("status", "nobody");
    assertTrue(nobody.err().contains("no ModelApp or Deployment named \"nobody\""), nobody.err());
    assertTrue(nobody.err().contains("berth get modelapps,deployments -n rollout-test"));
  }

  @Test
  void aDeploymentWhoseTimeIsOverHasFailed() {
    deployment("stuck", "x:1");
    api.client.patch(
        Kinds.DEPLOYMENT,
        key("stuck"),
        PatchType.MERGE,
        Json.parse("{\"spec\":{\"progressDeadlineSeconds\":1}}"),
        null);
    LiveApi.Ran ran = rollout("status", "stuck");
    assertEquals(2, ran.code(), ran.err());
    assertTrue(ran.err().contains("timed out progressing"), ran.err());
    JsonNode progressing = deployment("stuck").path("status").path("conditions");
    assertTrue(progressing.toString().contains("ProgressDeadlineExceeded"));
  }
}
