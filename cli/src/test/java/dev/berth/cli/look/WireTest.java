package dev.berth.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Explanation;
import dev.berth.cli.term.Wrap;
import dev.berth.cli.why.Culprit;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class WireTest {
  private static final Instant NOW = Instant.parse("2026-11-22T21:32:15Z");
  private static final Explanation WELL =
      new Explanation(true, Optional.empty(), List.of(), List.of(), List.of());

  @Test
  void aWellAppIsOneWire() {
    assertEquals(
        """
        OK digits
           model r1 1/1 --> endpoint digits-model (open-inference) --> app 1/1 --> http://digits.localhost\
        """,
        wire(app("True", "True", "True"), WELL, Culprit.NONE, false));
  }

  @Test
  void whatAnEndpointIsAskedStandsBesideItsProtocol() {
    Wire.Look look =
        new Wire.Look(false, false, Wrap.NEVER, NOW, url -> url, "", Map.of())
            .with(
                Traffic.words(
                    Json.parse(
                        """
                        {"rows": [
                          {"namespace": "default", "name": "digits", "endpoint": {"rps": 12.34,
                            "errorsPerSecond": 0.25, "p50Ms": 3, "p99Ms": 18.2, "queue": 2}},
                          {"namespace": "default", "name": "quiet", "endpoint": {"rps": null}}]}""")));
    String line =
        new Wire(Json.parse(app("True", "True", "True")), WELL, Culprit.NONE, look).lines().get(1);
    assertEquals(
        "   model r1 1/1 --> endpoint digits-model (open-inference, 12/s, 0.25 errors/s, p99 18 ms,"
            + " 2 in line) --> app 1/1 --> http://digits.localhost",
        line);
    assertEquals(1, look.traffic().size());
  }

  @Test
  void theBreakIsAtTheCauseAndWhatFollowsOnlyWaits() {
    assertEquals(
        """
        XX digits  PortNotListening, for 2m10s
           model r1 0/1 ─✗─ endpoint digits-model (open-inference) ··▶ app 0/1, waits for the model ··▶ http://digits.localhost
           pod digits-model-r1-x1: nothing listens on 8080
           do: set spec.model.port: 8000
           more: berth why digits --data-dir d\
        """,
        wire(
            app("False", "False", "False"), broken("pod digits-model-r1-x1"), Culprit.MODEL, true));
  }

  @Test
  void aBrokenAppLeavesTheModelWell() {
    assertEquals(
        "   model r1 1/1 --> endpoint digits-model (open-inference) --> app 0/1 -x-"
            + " http://digits.localhost",
        wire(app("True", "True", "False"), broken("pod digits-app-x1"), Culprit.APP, false)
            .lines()
            .toList()
            .get(1));
  }

  @Test
  void aFailingRevisionBesideOneThatServesIsNoOutage() {
    String line =
        wire(app("True", "True", "True"), broken("pod digits-model-r2-x1"), Culprit.MODEL, false)
            .lines()
            .toList()
            .getFirst();

    assertEquals("!! digits  PortNotListening, for 2m10s", line);
  }

  private static Explanation broken(String subject) {
    return new Explanation(
        false,
        Optional.of(
            new Cause(
                "PortNotListening",
                subject,
                "nothing listens on 8080",
                "set spec.model.port: 8000",
                Optional.empty(),
                OptionalInt.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2026-11-22T21:30:05Z")),
                List.of())),
        List.of(),
        List.of(),
        List.of("set spec.model.port: 8000"));
  }

  private static String app(String model, String endpoint, String web) {
    boolean ready = List.of(model, endpoint, web).stream().allMatch("True"::equals);
    return """
    {"kind":"ModelApp","metadata":{"name":"digits","namespace":"default"},"spec":{"app":{}},
     "status":{"url":"http://digits.localhost","endpoint":{"protocol":"open-inference"},
       "revisions":[{"name":"r1","ready":%d,"desired":1,"weight":100}],"app":{"ready":%d,"desired":1},
       "conditions":[{"type":"Ready","status":"%s"},{"type":"ModelReady","status":"%s"},
         {"type":"EndpointReady","status":"%s"},{"type":"AppReady","status":"%s"}]}}
    """
        .formatted(
            model.equals("True") ? 1 : 0,
            web.equals("True") ? 1 : 0,
            ready ? "True" : "False",
            model,
            endpoint,
            web);
  }

  private static String wire(String app, Explanation why, Culprit culprit, boolean unicode) {
    Wire.Look look =
        new Wire.Look(false, unicode, Wrap.NEVER, NOW, url -> url, " --data-dir d", Map.of());
    return String.join("\n", new Wire(Json.parse(app), why, culprit, look).lines());
  }
}
