package dev.berth.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.cli.StandInServer;
import dev.berth.cli.term.Failure;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RawTest {
  private static JsonNode ask(int status, String text) throws IOException {
    try (StandInServer server = new StandInServer(() -> new StandInServer.Says(status, text))) {
      return Raw.ask(server.client(), "GET", "/x", Map.of(), BodyPublishers.noBody());
    }
  }

  @Test
  void anAnswerIsATreeAndARefusalItsOwnWords() throws IOException {
    assertEquals(Json.parse("{\"a\": 1}"), ask(201, "{\"a\": 1}"));
    ApiException no =
        assertThrows(
            ApiException.class,
            () -> ask(403, "{\"kind\": \"Status\", \"code\": 403, \"message\": \"not you\"}"));
    assertEquals("not you", no.error().message());
  }

  @Test
  void whatIsNoServerOfOursIsSaidWithItsAddress() {
    for (int status : new int[] {200, 404}) {
      Failure failure = assertThrows(Failure.class, () -> ask(status, "<html>"));
      assertTrue(
          String.valueOf(failure.getMessage())
              .matches("what answers at http://127.* is not Berth.*"));
      assertEquals(List.of("check --kubeconfig"), failure.next());
    }
  }

  @Test
  void aValueOfAQueryStaysOne() {
    assertEquals("a+b%26c%3Dd", Raw.encode("a b&c=d"));
  }
}
