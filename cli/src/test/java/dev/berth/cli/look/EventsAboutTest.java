package dev.berth.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.cli.StandInServer;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class EventsAboutTest {
  private static final ObjectNode EVENT =
      Json.parseObject(
          """
          {"involvedObject": {"kind": "Pod", "name": "digits-app-1", "namespace": "shop"}}""");
  private static final String BUSY =
      """
      {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": 503,
       "reason": "ServiceUnavailable", "message": "not now"}""";
  private static final String POD =
      """
      {"kind": "Pod", "apiVersion": "v1", "metadata": {"name": "digits-app-1",
       "namespace": "shop", "labels": {"berth.dev/modelapp": "digits"}}}""";

  @Test
  void anAnswerIsRememberedAndAFailureIsNot() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    try (StandInServer server =
        new StandInServer(
            () ->
                asked.incrementAndGet() == 1
                    ? new StandInServer.Says(503, BUSY)
                    : new StandInServer.Says(200, POD))) {
      EventsAbout digits =
          new EventsAbout(server.client(), Kinds.MODEL_APP, new ObjectKey("shop", "digits"));

      assertFalse(digits.test(EVENT));
      assertTrue(digits.test(EVENT));
      assertTrue(digits.test(EVENT));
    }
    assertEquals(2, asked.get());
  }
}
