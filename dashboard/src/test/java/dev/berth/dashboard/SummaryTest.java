package dev.berth.dashboard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.dashboard.port.Traffic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

final class SummaryTest {
  private final Stage stage = new Stage();

  private static JsonNode first(JsonNode summary, String list) {
    return summary.path(list).path(0);
  }

  @Test
  void anEmptyClusterIsEmptyAndWell() {
    JsonNode summary = stage.summary();
    assertEquals(0, summary.path("appsTotal").asInt(-1));
    assertEquals(0, Json.at(summary, "cluster", "problems").asInt(-1));
    assertEquals(0, Json.at(summary, "cluster", "pods", "total").asInt(-1));
  }

  @Test
  void aReadyAppIsOkInAllItsParts() {
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "iris"));
    JsonNode app = first(stage.summary(), "apps");
    assertEquals("ok", Json.text(app, "health"));
    assertEquals("Ready", Json.text(app, "word"));
    assertEquals("ok", Json.text(app, "model", "health"));
    assertEquals("1.4", Json.text(app, "model", "version"));
    assertEquals("sha256:" + "a".repeat(64), Json.text(app, "model", "digest"));
    assertEquals("3", Json.text(app.path("model").path("revisions").path(0), "revision"));
    assertEquals("iris-model", Json.text(app, "endpoint", "name"));
    assertEquals("http://iris.localhost:8080", Json.text(app, "app", "url"));
    assertTrue(app.path("git").isNull());
  }

  @Test
  void aCrashingModelIsTheCulpritAndTheAppOnlyWaits() {
    stage.cluster.add(Kinds.MODEL_APP, Things.failingApp("shop", "iris"));
    stage.cluster.add(
        Kinds.POD, Things.ofApp(Things.crashing("shop", "iris-model-r3-x7"), "iris", "model"));
    JsonNode app = first(stage.summary(), "apps");
    assertEquals("failing", Json.text(app, "health"));
    assertEquals("failing", Json.text(app, "model", "health"));
    assertEquals("working", Json.text(app, "endpoint", "health"));
    assertTrue(!Json.text(app, "fix").isEmpty());
    assertEquals("the container exited with code 1", Json.text(app, "message"));
    assertEquals("ImportError: no module named iris", app.path("log").path(0).asString(""));
  }

  @Test
  void theWorstAppComesFirst() {
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "a"));
    stage.cluster.add(Kinds.MODEL_APP, Things.failingApp("shop", "z"));
    assertEquals("z", Json.text(first(stage.summary(), "apps"), "name"));
  }

  @Test
  void trafficThatWasNotMeasuredIsNull() {
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "iris"));
    JsonNode endpoint = first(stage.summary(), "apps").path("endpoint");
    assertTrue(endpoint.path("rps").isNull());
    assertTrue(endpoint.path("queue").isNull());
    assertEquals(0, endpoint.path("points").size());
  }

  @Test
  void trafficIsShownWithItsLastSixtyPoints() {
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "iris"));
    Traffic.Point point =
        new Traffic.Point(
            1_763_899_200, 1.23456, 0, OptionalDouble.of(8.5), OptionalDouble.empty());
    stage.traffic.put(
        new ObjectKey("shop", "iris"),
        new Traffic.Figures(
            1.23456,
            0.5,
            OptionalDouble.of(8.5),
            OptionalDouble.of(20),
            3,
            Collections.nCopies(70, point)));
    JsonNode endpoint = first(stage.summary(), "apps").path("endpoint");
    assertEquals("[1.235,0.5,8.5,20.0,3]", numbers(endpoint));
    assertEquals(60, endpoint.path("points").size());
    assertEquals("[1763899200,1.235,0.0,8.5,null]", endpoint.path("points").path(0).toString());
  }

  private static String numbers(JsonNode endpoint) {
    return List.of("rps", "errorsPerSecond", "p50Ms", "p99Ms", "queue").stream()
        .map(name -> endpoint.path(name).toString())
        .toList()
        .toString()
        .replace(" ", "");
  }

  @Test
  void eachThingThatIsWrongIsToldOnce() {
    stage.cluster.add(Kinds.MODEL_APP, Things.failingApp("shop", "iris"));
    for (int i = 0; i < 3; i++) {
      stage.cluster.add(
          Kinds.POD, Things.ofApp(Things.crashing("shop", "iris-" + i), "iris", "model"));
      stage.cluster.add(
          Kinds.POD, Things.ofDeployment(Things.crashing("shop", "web-7f9c-" + i), "web"));
    }
    JsonNode summary = stage.summary();
    assertEquals(2, Json.at(summary, "cluster", "problems").asInt(0));
    assertEquals(6, Json.at(summary, "cluster", "pods", "failing").asInt(0));
    List<String> told =
        summary
            .path("problems")
            .valueStream()
            .map(p -> Json.text(p, "kind") + " " + Json.text(p, "name"))
            .sorted()
            .toList();
    assertEquals(List.of("Deployment web", "ModelApp iris"), told);
  }

  @Test
  void nothingNewIsNotSentAgain() {
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "iris"));
    String tag = stage.ask(FakeRequest.get("/ui/api/summary").by("admin")).headers().get("ETag");
    stage.pass(Duration.ofSeconds(5));
    FakeRequest again =
        FakeRequest.get("/ui/api/summary").by("admin").with("If-None-Match", String.valueOf(tag));
    assertEquals(304, stage.ask(again).status());
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "digits"));
    stage.pass(Duration.ofSeconds(5));
    assertEquals(200, stage.ask(again).status());
  }

  @Test
  void viewersWithTheSameRightsShareOneReadingASecond() {
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "iris"));
    stage.summary();
    int before = stage.cluster.reads.get();
    for (int i = 0; i < 100; i++) {
      stage.cluster.add(Kinds.POD, Things.pod("shop", "p" + i));
      stage.summary();
    }
    assertEquals(before, stage.cluster.reads.get());
    stage.pass(Duration.ofSeconds(1));
    assertEquals(100, Json.at(stage.summary(), "cluster", "pods", "total").asInt(0));
  }

  @Test
  void whatMayNotBeListedIsNotCountedAndNotNamed() {
    stage.cluster.namespace("lab").add(Kinds.NODE, Things.node("n1"));
    stage.cluster.add(Kinds.MODEL_APP, Things.app("shop", "iris"));
    stage.cluster.add(Kinds.MODEL_APP, Things.failingApp("lab", "secret"));
    byte[] body = stage.ask(FakeRequest.get("/ui/api/summary").by("shop")).body();
    JsonNode summary = Json.parse(body);
    assertEquals(1, summary.path("appsTotal").asInt(0));
    assertEquals(0, Json.at(summary, "cluster", "problems").asInt(-1));
    assertTrue(Json.at(summary, "cluster", "nodes").isNull());
    assertEquals("[\"nodes\"]", summary.path("hidden").toString());
    assertTrue(!new String(body, StandardCharsets.UTF_8).contains("secret"));
  }

  @Test
  void podsOfALostNodeAreToldByTheNode() {
    stage.cluster.add(
        Kinds.NODE, Things.condition(Things.node("n1"), "Ready", false, "NodeLost", "no lease"));
    stage.cluster.add(
        Kinds.POD,
        Things.condition(Things.pod("shop", "box"), "Ready", false, "NodeLost", "no lease"));
    JsonNode problems = stage.summary().path("problems");
    assertEquals(1, problems.size());
    assertEquals("Node", Json.text(problems.path(0), "kind"));
  }
}
