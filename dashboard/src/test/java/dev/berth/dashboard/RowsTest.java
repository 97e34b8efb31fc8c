package dev.berth.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rows as the pages get them. The documents of one cluster with a thing of every kind, well and
/// broken, are pinned in files; `-Dberth.refresh=true` writes them anew.
final class RowsTest {
  private static final Path GOLDENS =
      Path.of("src", "test", "resources", "dev", "berth", "dashboard", "goldens");
  private final Stage stage = new Stage();

  private void fill() {
    FakeCluster cluster = stage.cluster;
    cluster.add(Kinds.NODE, Things.node("n1"));
    cluster.add(
        Kinds.NODE,
        Things.condition(Things.node("n2"), "Ready", false, "NodeLost", "no lease since 11:54:20"));
    cluster.add(Kinds.MODEL_APP, Things.app("shop", "digits"));
    cluster.add(Kinds.MODEL_APP, Things.failingApp("shop", "iris"));
    cluster.add(
        Kinds.POD, Things.ofApp(Things.pod("shop", "digits-model-r3-a"), "digits", "model"));
    cluster.add(
        Kinds.POD, Things.ofApp(Things.crashing("shop", "iris-model-r3-b"), "iris", "model"));
    cluster.add(Kinds.POD, Things.ofDeployment(Things.crashing("shop", "web-7f9c-x"), "web"));
    cluster.add(Kinds.DEPLOYMENT, deployment("web", 0));
    cluster.add(Kinds.DEPLOYMENT, deployment("still", 1));
    cluster.add(Kinds.JOB, job());
    cluster.add(Kinds.IMAGE_BUILD, Things.build("shop", "iris-model-1", "Failed"));
    cluster.add(Kinds.IMAGE_BUILD, Things.build("shop", "iris-model-2", "Running"));
    cluster.add(Kinds.IMAGE_BUILD, Things.build("shop", "iris-model-0", "Succeeded"));
    cluster.add(Kinds.GIT_REPOSITORY, Things.repository("shop", "apps", true));
    cluster.add(Kinds.GIT_REPOSITORY, Things.repository("shop", "infra", false));
    cluster.add(Kinds.EVENT, Things.event("shop", "old", "Normal", "2026-11-23T11:00:00Z"));
    cluster.add(Kinds.EVENT, Things.event("shop", "new", "Warning", "2026-11-23T11:50:00Z"));
  }

  private static ObjectNode deployment(String name, int ready) {
    ObjectNode deployment = Things.named("Deployment", "shop", name);
    ObjectNode spec = deployment.putObject("spec").put("replicas", 1);
    spec.putObject("selector").putObject("matchLabels").put("pod-template-hash", "7f9c");
    ObjectNode template = spec.putObject("template").putObject("spec");
    template.putArray("containers").addObject().put("name", "main").put("image", "busybox");
    ObjectNode status = deployment.putObject("status").put("observedGeneration", 1);
    status.put("replicas", 1).put("updatedReplicas", 1);
    status.put("readyReplicas", ready).put("availableReplicas", ready);
    return deployment;
  }

  private static ObjectNode job() {
    ObjectNode job = Things.named("Job", "shop", "train");
    ObjectNode template = job.putObject("spec").putObject("template").putObject("spec");
    template.putArray("containers").addObject().put("name", "main").put("image", "trainer:1");
    job.putObject("status").put("failed", 3).put("startTime", "2026-11-23T11:30:00Z");
    return Things.condition(job, "Failed", true, "BackoffLimitExceeded", "it failed 3 times");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "summary",
        "rows/modelapps",
        "rows/pods",
        "rows/deployments",
        "rows/jobs",
        "rows/nodes",
        "rows/builds",
        "rows/gitrepositories",
        "rows/events"
      })
  void everyDocumentIsAsThePagesKnowIt(String path) throws IOException {
    fill();
    String made = Json.pretty(stage.json("/ui/api/" + path)) + "\n";
    Path golden = GOLDENS.resolve(path.replace('/', '-') + ".json");
    if (Boolean.getBoolean("berth.refresh")) {
      Files.createDirectories(GOLDENS);
      Files.writeString(golden, made);
    }
    assertEquals(Files.readString(golden), made);
  }

  @Test
  void twoHundredRowsAreAPageAndTheServerSearches() {
    for (int i = 0; i < 450; i++) {
      stage.cluster.add(Kinds.POD, Things.pod("shop", "p%03d".formatted(i)));
    }
    stage.cluster.add(Kinds.POD, Things.crashing("shop", "z"));
    JsonNode first = stage.json("/ui/api/rows/pods");
    assertEquals(200, first.path("rows").size());
    assertEquals(3, first.path("pages").asInt(0));
    assertEquals("z", Json.text(first.path("rows").path(0), "name"));
    assertEquals(51, stage.json("/ui/api/rows/pods?page=3").path("rows").size());
    assertEquals(3, stage.json("/ui/api/rows/pods?page=99").path("page").asInt(0));
    assertEquals(1, stage.json("/ui/api/rows/pods?page=-1&q=P044+shop").path("total").asInt(0));
    JsonNode problems = stage.json("/ui/api/rows/pods?only=problems");
    assertEquals("1 1", Json.text(problems, "total") + " " + Json.text(problems, "problems"));
    assertEquals(0, stage.json("/ui/api/rows/pods?namespace=lab").path("total").asInt(-1));
  }

  @Test
  void whoMayListAKindNowhereIsToldSo() {
    assertEquals(403, code(FakeRequest.get("/ui/api/rows/nodes").by("shop")));
    assertEquals(401, code(FakeRequest.get("/ui/api/rows/nodes")));
    assertEquals(401, code(FakeRequest.get("/ui/api/summary")));
    assertEquals(404, code(FakeRequest.get("/ui/api/rows/secrets").by("admin")));
    assertEquals(404, code(FakeRequest.of("POST", "/ui/api/summary").by("admin")));
  }

  @Test
  void aPodThatAsksForNothingCountsOnItsNodeAsTheSchedulerCountsIt() {
    ObjectNode silent = Things.pod("shop", "silent");
    ((ObjectNode) Json.at(silent, "spec", "containers").path(0)).remove("resources");
    stage.cluster.add(Kinds.NODE, Things.node("n1"));
    stage.cluster.add(Kinds.POD, silent).add(Kinds.POD, Things.pod("shop", "asks"));
    JsonNode node = stage.json("/ui/api/rows/nodes").path("rows").path(0);
    assertEquals("0.35", Json.text(node, "cpu", "requested"));
    assertEquals(Long.toString(256L << 20), Json.text(node, "memory", "requested"));
  }

  @Test
  void oneRowIsThatOfItsObject() {
    fill();
    JsonNode row = stage.json("/ui/api/row/pods?namespace=shop&name=web-7f9c-x");
    assertEquals("ExitedEarly", Json.text(row, "reason"));
    assertEquals(
        404, code(FakeRequest.get("/ui/api/row/pods?namespace=lab&name=web-7f9c-x").by("admin")));
  }

  private int code(FakeRequest request) {
    return assertThrows(ApiException.class, () -> stage.ask(request)).error().code();
  }

  /// Everything that somebody else wrote goes through as text, whatever is in it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "<img src=x onerror=alert(1)>",
        "</script><script>alert(1)</script>",
        "\"}],\"apps\":[{\"name\":\"forged",
        "\u2028\u2029'\"`${7*7}{{7*7}}",
        "javascript:alert(1)",
        "\\u003cscript\\u003e\\",
        "%3Cscript%3E&lt;b&gt;",
        "\ud83d\udea2 \u0000 \ud800",
      })
  void hostileTextStaysTextInEveryField(String text) {
    fill();
    JsonNode before = stage.summary();
    for (ResourceType type :
        List.of(
            Kinds.MODEL_APP,
            Kinds.POD,
            Kinds.NODE,
            Kinds.DEPLOYMENT,
            Kinds.JOB,
            Kinds.IMAGE_BUILD,
            Kinds.GIT_REPOSITORY,
            Kinds.EVENT)) {
      for (ObjectNode object : stage.cluster.list(type)) {
        poison(object, text);
      }
    }
    Stage fresh = new Stage();
    stageFrom(fresh);
    JsonNode after = fresh.summary();
    assertEquals(
        before.propertyNames().stream().sorted().toList(),
        after.propertyNames().stream().sorted().toList());
    for (String kind :
        List.of("modelapps", "pods", "deployments", "jobs", "nodes", "builds", "events")) {
      assertTrue(fresh.json("/ui/api/rows/" + kind).path("rows").size() > 0, kind);
    }
  }

  private void stageFrom(Stage fresh) {
    for (ResourceType type : Kinds.all()) {
      stage.cluster.list(type).forEach(object -> fresh.cluster.add(type, object));
    }
  }

  /// Each text of the tree, but the kind and the labels that tell what belongs together.
  private static void poison(JsonNode node, String text) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        JsonNode value = object.path(name);
        if (value.isString() && !name.equals("kind")) {
          object.put(name, text);
        } else {
          poison(value, text);
        }
      }
    } else {
      node.forEach(element -> poison(element, text));
    }
  }

  /// No object that the store may hold makes a document fail: its parts are of any type here.
  @Test
  void objectsOfAnyShapeAreShownSomehow() {
    long seed = 20_261_123;
    Random random = new Random(seed);
    fill();
    for (int round = 0; round < 15; round++) {
      Stage strange = new Stage();
      for (ResourceType type : Kinds.all()) {
        stage.cluster.list(type).stream()
            .map(Json::deepCopy)
            .peek(object -> mangle(object, random, 0))
            .forEach(object -> strange.cluster.add(type, object));
      }
      String what = "seed " + seed + " round " + round;
      assertTrue(strange.summary().has("apps"), what);
      assertTrue(strange.json("/ui/api/rows/events").has("rows"), what);
    }
  }

  private static void mangle(JsonNode node, Random random, int depth) {
    if (node instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        boolean identity = depth == 0 && (name.equals("kind") || name.equals("metadata"));
        if (!identity && random.nextInt(12) == 0) {
          object.set(name, strange(random));
        } else {
          mangle(object.path(name), random, depth + 1);
        }
      }
    } else {
      node.forEach(element -> mangle(element, random, depth + 1));
    }
  }

  private static JsonNode strange(Random random) {
    List<String> values =
        Arrays.asList("null", "-7", "1e300", "\"\"", "[]", "{}", "[null,7,{}]", "true", "\"%\"");
    return Json.parse(values.get(random.nextInt(values.size())));
  }

  /// A limit that only a change of its order would break, not a slow machine.
  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void fiveThousandPodsAreSummedUp() {
    List<ObjectNode> pods = new ArrayList<>();
    for (int app = 0; app < 250; app++) {
      stage.cluster.add(
          Kinds.MODEL_APP,
          app % 10 == 0 ? Things.failingApp("shop", "a" + app) : Things.app("shop", "a" + app));
      for (int i = 0; i < 20; i++) {
        String name = "a" + app + "-model-r3-" + i;
        ObjectNode pod = app % 10 == 0 ? Things.crashing("shop", name) : Things.pod("shop", name);
        pods.add(Things.ofApp(pod, "a" + app, "model"));
      }
    }
    pods.forEach(pod -> stage.cluster.add(Kinds.POD, pod));
    for (int i = 0; i < 100; i++) {
      stage.cluster.add(Kinds.NODE, Things.node("n" + i));
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    JsonNode summary = stage.summary();
    for (int i = 0; i < 4; i++) {
      stage.pass(Duration.ofSeconds(2));
      stage.cluster.add(Kinds.EVENT, Things.event("shop", "e" + i, "Normal", ""));
      long begin = threads.getCurrentThreadCpuTime();
      stage.ask(FakeRequest.get("/ui/api/summary").by("admin"));
      long used = threads.getCurrentThreadCpuTime() - begin;
      System.err.printf("summary of 5,000 pods: %d ms of CPU%n", used / 1_000_000);
    }
    assertEquals(200, summary.path("apps").size());
    assertEquals(250, summary.path("appsTotal").asInt(0));
    assertEquals(25, Json.at(summary, "cluster", "problems").asInt(0));
    assertEquals(5_000, Json.at(summary, "cluster", "pods", "total").asInt(0));
    assertTrue(
        Json.string(summary).getBytes(StandardCharsets.UTF_8).length < 1_000_000, "too large");
  }
}
