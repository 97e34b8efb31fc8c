package dev.berth.cli.apply;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.build.ImageBuild;
import dev.berth.cli.apply.AppView.Seen;
import dev.berth.cli.progress.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class AppViewTest {
  private static final String CONTEXT = "sha256:" + "0".repeat(64);

  @Test
  void aRunningBuildShowsItsSteps() {
    assertEquals(
        """
        .. build digits-model: step 2/3
           OK 1/3 FROM debian:bookworm-slim: 1s
           .. 2/3 RUN apt-get update: running
           model:
           endpoint digits-model:\
        """,
        rows(app("{}"), List.of(build("Running", "")), List.of()));
  }

  @Test
  void aFailedBuildFailsTheRolloutWithPlaceAndOutput() {
    Outcome outcome =
        new AppView(
                new Seen(
                    app("{}"),
                    List.of(
                        build(
                            "Failed",
                            ",\"failure\":{\"step\":2,\"line\":3,\"instruction\":\"RUN"
                                + " false\",\"exitCode\":1,\"message\":\"exit code"
                                + " 1\",\"lastOutput\":[\"boom\"]}")),
                    List.of()))
            .outcome();

    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome);
    assertEquals(
        "build of digits-model failed: Dockerfile:3 RUN false: exit code 1", failed.reason());
    assertEquals(List.of("boom"), failed.output());
  }

  @Test
  void whatNoWaitingHealsFailsTheRolloutWithoutAPod() {
    for (String denied :
        List.of(
            "{\"type\":\"ImagesReady\",\"status\":\"False\",\"reason\":\"AmbiguousPort\"}",
            "{\"type\":\"Ready\",\"status\":\"False\",\"reason\":\"Refused\"}")) {
      JsonNode app = app("{\"observedGeneration\":9,\"conditions\":[" + denied + "]}");
      assertInstanceOf(
          Outcome.Failed.class, new AppView(new Seen(app, List.of(), List.of())).outcome());
    }
  }

  @Test
  void readyOfAnOlderGenerationIsNotDone() {
    JsonNode app =
        app("{\"observedGeneration\":1,\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");

    assertInstanceOf(
        Outcome.Going.class, new AppView(new Seen(app, List.of(), List.of())).outcome());
  }

  @Test
  void readyOfThisGenerationIsDone() {
    JsonNode app =
        app(
            "{\"observedGeneration\":2,\"url\":\"http://digits.localhost\",\"conditions\":[{\"type\":\"Ready\",\"status\":\"True\"}]}");

    assertEquals(
        new Outcome.Done("http://digits.localhost"),
        new AppView(new Seen(app, List.of(), List.of())).outcome());
  }

  @Test
  void anImageThatCannotBePulledFails() {
    JsonNode app = app("{\"observedGeneration\":2}");
    JsonNode pod =
        pod(
            "model",
            "{\"waiting\":{\"reason\":\"ImagePullBackOff\",\"message\":\"nosuch:1: not found\"}}");

    Outcome.Failed failed =
        assertInstanceOf(
            Outcome.Failed.class, new AppView(new Seen(app, List.of(), List.of(pod))).outcome());
    assertEquals("model ImagePullBackOff: nosuch:1: not found", failed.reason());
  }

  @Test
  void anAppThatFallsOverBeforeItsModelIsReadyIsWaitedFor() {
    JsonNode app = app("{\"observedGeneration\":2}");
    JsonNode pod = pod("app", "{\"waiting\":{\"reason\":\"CrashLoopBackOff\"}}");

    assertInstanceOf(
        Outcome.Going.class, new AppView(new Seen(app, List.of(), List.of(pod))).outcome());
  }

  @Test
  void aServerOnAnotherPortIsNotWaitedForLong() {
    JsonNode app = app("{\"observedGeneration\":2,\"revisions\":[{\"name\":\"r1\"}]}");
    JsonNode pod = diagnosed("r1", "PortNotListening", "nothing listens on 8080");

    Outcome.Failed failed =
        assertInstanceOf(
            Outcome.Failed.class, new AppView(new Seen(app, List.of(), List.of(pod))).outcome());
    assertEquals("model PortNotListening: nothing listens on 8080", failed.reason());
    assertEquals(Duration.ofSeconds(20), failed.patience());
  }

  @Test
  void aServerThatStillLoadsIsWaitedFor() {
    JsonNode app = app("{\"observedGeneration\":2}");
    JsonNode pod = diagnosed("r1", "NeverReady", "still loading");

    assertInstanceOf(
        Outcome.Going.class, new AppView(new Seen(app, List.of(), List.of(pod))).outcome());
  }

  @Test
  void thePodsOfAnOlderRevisionMayGoOnFailing() {
    JsonNode app =
        app("{\"observedGeneration\":2,\"revisions\":[{\"name\":\"r9\"},{\"name\":\"r10\"}]}");
    JsonNode old = diagnosed("r9", "CommandNotFound", "/bx is not in the image");

    assertInstanceOf(
        Outcome.Going.class, new AppView(new Seen(app, List.of(), List.of(old))).outcome());
  }

  @Test
  void thePodsOfAnOlderRevisionAreSaidToBe() {
    JsonNode app =
        app("{\"observedGeneration\":2,\"revisions\":[{\"name\":\"r9\"},{\"name\":\"r10\"}]}");
    JsonNode old = diagnosed("r9", "CommandNotFound", "/bx is not in the image");
    JsonNode young = diagnosed("r10", "CommandNotFound", "/bx is not in the image");

    String shown = rows(app, List.of(), List.of(old));
    assertTrue(shown.contains("/bx is not in the image (old revision)"), shown);
    assertFalse(rows(app, List.of(), List.of(young)).contains("old revision"));
  }

  private static JsonNode diagnosed(String revision, String reason, String message) {
    return Json.parse(
        """
        {"metadata":{"name":"p","labels":{"berth.dev/component":"model","berth.dev/revision":"%s"}},
         "status":{"containerStatuses":[{"name":"c","state":{"running":{}}}],
           "conditions":[{"type":"berth.dev/Diagnosis","status":"False","reason":"%s","message":"%s"}]}}
        """
            .formatted(revision, reason, message));
  }

  private static String rows(JsonNode app, List<ImageBuild> builds, List<JsonNode> pods) {
    List<String> lines = new ArrayList<>();
    for (Row row : new AppView(new Seen(app, builds, pods)).rows()) {
      lines.add(
          row.state().mark()
              + " "
              + row.what()
              + (row.detail().isEmpty() ? ":" : ": " + row.detail()));
      row.below()
          .forEach(
              child ->
                  lines.add(
                      "   " + child.state().mark() + " " + child.what() + ": " + child.detail()));
    }
    return String.join("\n", lines);
  }

  private static JsonNode app(String status) {
    return Json.parse(
        "{\"metadata\":{\"name\":\"digits\",\"namespace\":\"default\",\"generation\":2},\"spec\":{},\"status\":"
            + status
            + "}");
  }

  private static JsonNode pod(String component, String state) {
    return Json.parse(
        "{\"metadata\":{\"name\":\"p\",\"labels\":{\"berth.dev/component\":\""
            + component
            + "\"}},\"status\":{\"containerStatuses\":[{\"name\":\"c\",\"state\":"
            + state
            + "}]}}");
  }

  private static ImageBuild build(String phase, String more) {
    return ImageBuild.read(
        Json.parse(
            "{\"metadata\":{\"name\":\"digits-model-0\",\"namespace\":\"default\"},\"spec\":{\"contextDigest\":\""
                + CONTEXT
                + "\",\"repository\":\"default/digits-model\"},"
                + "\"status\":{\"phase\":\""
                + phase
                + "\",\"steps\":[{\"number\":1,\"total\":3,\"instruction\":\"FROM"
                + " debian:bookworm-slim\",\"state\":\"Done\",\"duration\":\"1s\"},{\"number\":2,\"total\":3,\"instruction\":\"RUN"
                + " apt-get"
                + " update\",\"state\":\"Running\"},{\"number\":3,\"total\":3,\"instruction\":\"RUN"
                + " true\",\"state\":\"Pending\"}]"
                + more
                + "}}"));
  }
}
