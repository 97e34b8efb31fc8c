package dev.berth.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import org.junit.jupiter.api.Test;

class WireTest {
  @Test
  void aWellAppIsOneWire() {
    assertEquals(
        """
        OK digits
           model r1 1/1 --> endpoint digits-model (open-inference) --> app 1/1 --> http://digits.localhost\
        """,
        wire(
            """
            {"metadata":{"name":"digits","namespace":"default"},"spec":{"app":{}},
             "status":{"url":"http://digits.localhost","endpoint":{"protocol":"open-inference"},
               "revisions":[{"name":"r1","ready":1,"desired":1,"weight":100}],"app":{"ready":1,"desired":1},
               "conditions":[{"type":"Ready","status":"True"},{"type":"ModelReady","status":"True"},
                 {"type":"EndpointReady","status":"True"},{"type":"AppReady","status":"True"}]}}
            """,
            false));
  }

  @Test
  void theBreakIsWhereItIsWithReasonAndFix() {
    assertEquals(
        """
        XX digits  (namespace shop)
           model r2 0/1 ─✗─ endpoint digits-model (protocol unknown yet) ─✗─ app 1/1
           ModelReady: PortNotListening: nothing listens on 8080
           EndpointReady: NoReadyReplica: 0 of 1 replicas are ready
           last failure: digits-model-r2-x1 ExitedEarly (exit code 1)
           do: the container listens on 8000: set spec.model.port\
        """,
        wire(
            """
            {"metadata":{"name":"digits","namespace":"shop"},"spec":{"app":{}},
             "status":{"revisions":[{"name":"r2","ready":0,"desired":1,"weight":100}],"app":{"ready":1,"desired":1},
               "lastFailure":{"pod":"digits-model-r2-x1","reason":"ExitedEarly","exitCode":1,"hint":"the container listens on 8000: set spec.model.port"},
               "conditions":[{"type":"Ready","status":"False"},
                 {"type":"ModelReady","status":"False","reason":"PortNotListening","message":"nothing listens on 8080"},
                 {"type":"EndpointReady","status":"False","reason":"NoReadyReplica","message":"0 of 1 replicas are ready"},
                 {"type":"AppReady","status":"True"}]}}
            """,
            true));
  }

  private static String wire(String app, boolean unicode) {
    return String.join("\n", new Wire(Json.parse(app), false, unicode, url -> url).lines());
  }
}
