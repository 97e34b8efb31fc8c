package dev.berth.api.why;

import static dev.berth.api.why.PodCausesTest.diagnosis;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class WhyTest {
  private static final Instant NOW = Instant.parse("2026-11-22T22:00:00Z");
  private static final List<Reason> REASONS = List.of(Reason.values());
  private static final String READY = "{\"type\":\"Ready\",\"status\":\"True\"}";

  private final List<JsonNode> pods = new ArrayList<>();
  private final List<JsonNode> builds = new ArrayList<>();
  private final List<JsonNode> nodes = new ArrayList<>();
  private final List<JsonNode> events = new ArrayList<>();

  private static ObjectNode app(String... conditions) {
    return Json.parseObject(
        """
        {"kind":"ModelApp","metadata":{"name":"digits","namespace":"default",
          "annotations":{"berth.dev/context-digest.model":"sha256:1"}},
         "spec":{"model":{"image":"m"},"app":{"image":"a"}},
         "status":{"conditions":[%s]}}
        """
            .formatted(String.join(",", conditions)));
  }

  private static String not(String type, String reason, String message) {
    return "{\"type\":\"%s\",\"status\":\"False\",\"reason\":\"%s\",\"message\":\"%s\",\"lastTransitionTime\":\"2026-11-22T20:00:00Z\"}"
        .formatted(type, reason, message);
  }

  private void pod(String component, String... conditions) {
    ObjectNode pod = PodCausesTest.pod("{\"state\":{\"running\":{}}}", conditions);
    Json.meta(pod).put("name", "digits-" + component + "-x");
    Json.ensure(pod, "metadata", "labels").put("berth.dev/component", component);
    pods.add(pod);
  }

  private void build(String digest, String phase) {
    builds.add(
        Json.parseObject(
            """
            {"kind":"ImageBuild","metadata":{"name":"digits-model-1",
              "labels":{"berth.dev/modelapp":"digits","berth.dev/component":"model"}},
             "spec":{"contextDigest":"%s"},
             "status":{"phase":"%s","failure":{"line":3,"instruction":"RUN make","message":"the command exited with 2","exitCode":2}}}
            """
                .formatted(digest, phase)));
  }

  private Explanation why(JsonNode target) {
    return Why.of(new Situation(target, pods, List.of(), builds, List.of(), nodes, events), NOW);
  }

  @Test
  void anImageWithSeveralPortsIsAskedAbout() {
    Explanation why =
        why(
            app(
                not(
                    "ImagesReady",
                    "AmbiguousPort",
                    "the image of model exposes the ports [8080, 9090]: say which one")));
    assertEquals("modelapp digits", why.root().orElseThrow().subject());
    assertEquals(List.of("set spec.model.port: 8080 or spec.model.port: 9090"), why.fixes());
  }

  @Test
  void aChildThatTheServerRefusesIsToldThoughAnOlderRevisionServes() {
    pod("model", READY);
    Explanation why =
        why(
            app(
                "{\"type\":\"SpecAccepted\",\"status\":\"True\"}",
                not("Ready", "Refused", "r2: no")));
    Cause root = why.root().orElseThrow();
    assertEquals("Refused", root.reason());
    assertEquals("r2: no", root.message());
    assertFalse(root.fix().isEmpty());
  }

  @Test
  void aModelThatIsDownExplainsTheAppThatCannotStart() {
    pod("app", diagnosis("ExitedEarly", "the container exited with code 1"));
    pod(
        "model",
        diagnosis("PortNotListening", "nothing listens on 8080; the container listens on 8000"));
    Explanation why = why(app(not("Ready", "PortNotListening", "x")));
    assertEquals("pod digits-model-x", why.root().orElseThrow().subject());
    assertEquals(
        List.of(
            new Link(
                "endpoint digits-model",
                "has no ready replica, so calls get 503 (berth-reason: no-ready-replica)"),
            new Link("pod digits-app-x", "the container exited with code 1")),
        why.chain());
    assertEquals(
        "set spec.model.port: 8000, or let the server listen on 8080", why.fixes().getFirst());
    assertEquals(2, why.fixes().size());
    assertFalse(why.healthy());
  }

  @Test
  void aContainerBetweenTwoTriesIsNoEvidence() {
    pods.add(
        PodCausesTest.pod(
            "{\"state\":{\"waiting\":{\"reason\":\"ContainerCreating\"}}}",
            diagnosis("NoSpace", "image a does not fit")));
    Json.ensure((ObjectNode) pods.getFirst(), "metadata", "labels")
        .put("berth.dev/component", "model");
    Explanation why = why(app(not("Ready", "NoSpace", "x")));
    assertEquals("NoSpace", why.root().orElseThrow().reason());
    assertEquals(List.of(), why.evidence());
  }

  @Test
  void anAppWithoutItsImageIsTheRootThoughTheModelIsOnlySlow() {
    pod("app", diagnosis("ImageNotFound", "image a: not found"));
    pod("model", diagnosis("HangsBeforeListening", "runs since 40 s"));
    assertEquals("ImageNotFound", why(app(not("Ready", "x", "x"))).root().orElseThrow().reason());
  }

  @Test
  void aFailedBuildOfThePackedContextComesBeforePods() {
    build("sha256:0", "Failed");
    build("sha256:1", "Failed");
    pod("app", diagnosis("ExitedEarly", "the container exited with code 1"));
    Explanation why = why(app(not("ModelReady", "WaitingForImage", "x")));
    assertEquals("BuildFailed", why.root().orElseThrow().reason());
    assertEquals(
        "Dockerfile:3: RUN make: the command exited with 2", why.root().orElseThrow().message());
    assertEquals(1, why.chain().stream().filter(l -> l.subject().startsWith("pod ")).count());
  }

  @Test
  void anEarlierBuildIsHistory() {
    build("sha256:0", "Failed");
    assertTrue(why(app(not("Ready", "Building", "x"))).root().isEmpty());
  }

  @Test
  void theSpecComesBeforeEverything() {
    pod("model", diagnosis("OutOfMemory", "x"));
    Explanation why = why(app(not("SpecAccepted", "HostConflict", "digits.localhost is taken")));
    assertEquals("HostConflict", why.root().orElseThrow().reason());
    assertEquals(
        "set another spec.ingress.host or spec.ingress.path", why.root().orElseThrow().fix());
  }

  @Test
  void aReadyAppIsHealthy() {
    pod("model", READY);
    pod("app", READY);
    Explanation why = why(app(READY));
    assertTrue(why.healthy());
    assertEquals(Optional.empty(), why.root());
  }

  @Test
  void whatOnlyComesUpHasNoRoot() {
    pod("model");
    Explanation why =
        why(app(not("Ready", "Starting", "0 of 1"), not("ModelReady", "Starting", "0 of 1")));
    assertFalse(why.healthy());
    assertEquals(Optional.empty(), why.root());
    assertEquals("ModelReady is False: 0 of 1", why.chain().getFirst().statement());
  }

  @Test
  void theTimeIsThatOfTheConditionAndTheLastLineIsSaidOnce() {
    pod("model");
    ObjectNode status =
        Json.parseObject(
            """
            {"state":{"waiting":{"reason":"CrashLoopBackOff","message":"restarted 4 times"}},
             "lastState":{"terminated":{"exitCode":7,"finishedAt":"2026-11-22T21:59:50Z","message":"no weights"}}}
            """);
    ((ObjectNode) pods.getFirst().path("status")).putArray("containerStatuses").add(status);
    Explanation why = why(app(not("ModelReady", "ExitedEarly", "x")));
    Cause root = why.root().orElseThrow();
    assertEquals("the container exited with code 7", root.message());
    assertEquals(List.of("no weights"), root.logTail());
    assertEquals("2026-11-22T20:00:00Z", root.since().orElseThrow().toString());
    assertEquals(
        List.of("pod digits-model-x: CrashLoopBackOff: restarted 4 times"), why.evidence());
  }

  @Test
  void aLostNodeAndItsPressureAreEvidence() {
    pod("model", not("Ready", "NodeLost", "the agent of this pod's node is not heard of"));
    nodes.add(
        Json.parseObject(
            "{\"kind\":\"Node\",\"metadata\":{\"name\":\"one\"},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"Unknown\",\"reason\":\"NodeStatusUnknown\",\"message\":\"no lease for 60 s\"}]}}"));
    Explanation why = why(app(not("Ready", "NodeLost", "x")));
    assertEquals("NodeLost", why.root().orElseThrow().reason());
    assertTrue(
        why.evidence().contains("node one: NodeLost: no lease for 60 s"), why.evidence()::toString);
    assertEquals("NodeLost", why(nodes.getFirst()).root().orElseThrow().reason());
  }

  @Test
  void aServiceThatSelectsNothingSaysSo() {
    pod("app", READY);
    ObjectNode service =
        Json.parseObject(
            "{\"kind\":\"Service\",\"metadata\":{\"name\":\"s\"},\"spec\":{\"selector\":{\"a\":\"b\"}}}");
    assertEquals("SelectorMatchesNothing", why(service).root().orElseThrow().reason());
  }

  @Test
  void valuesOfTheEnvironmentAreNeverShown() {
    pod("model", diagnosis("ExitedEarly", "the container exited with code 1"));
    ObjectNode container = (ObjectNode) Json.at(pods.getFirst(), "spec", "containers").path(0);
    container.putArray("env").addObject().put("name", "TOKEN").put("value", "hunter2");
    assertFalse(why(app(not("Ready", "x", "x"))).toString().contains("hunter2"));
    assertFalse(why(pods.getFirst()).toString().contains("hunter2"));
  }

  /// Half-written, foreign and mangled objects: somebody asks why exactly then.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void anyTreeIsExplained(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 2000; i++) {
      pods.clear();
      builds.clear();
      nodes.clear();
      events.clear();
      pod("model", diagnosis(REASONS.get(random.nextInt(REASONS.size())).text(), "x"));
      pod("app", not("Ready", "NodeLost", "x"));
      build("sha256:1", "Failed");
      nodes.add(Json.parseObject("{\"kind\":\"Node\",\"metadata\":{\"name\":\"one\"}}"));
      events.add(Json.parseObject("{\"type\":\"Warning\",\"reason\":\"x\",\"message\":\"y\"}"));
      ObjectNode app = app(not("Ready", "x", "x"));
      List<JsonNode> all = new ArrayList<>(pods);
      all.addAll(builds);
      all.addAll(nodes);
      all.addAll(events);
      all.add(app);
      all.forEach(tree -> mangle(tree, random));
      all.forEach(tree -> assertNotNull(why(tree), () -> "seed " + seed + ": " + tree));
    }
  }

  private static void mangle(JsonNode tree, Random random) {
    if (tree instanceof ObjectNode object) {
      for (String name : List.copyOf(object.propertyNames())) {
        mangle(object.path(name), random);
        change(object, name, random);
      }
    } else if (tree instanceof ArrayNode array) {
      array.forEach(element -> mangle(element, random));
      if (random.nextInt(30) == 0) {
        array.add(7).addNull();
      }
    }
  }

  private static void change(ObjectNode object, String name, Random random) {
    switch (random.nextInt(60)) {
      case 0 -> object.remove(name);
      case 1 -> object.putNull(name);
      case 2 -> object.put(name, "2026-99-99T\n\u0001 it serves ,,; 99999999999");
      case 3 -> object.put(name, -1);
      case 4 -> object.putArray(name).add("x").addObject().put("x", 1);
      case 5 -> object.putObject(name).put("x", 1);
      case 6 -> object.put(name, Long.MAX_VALUE);
      case 7 -> object.put(name, true);
      default -> {}
    }
  }
}
