package dev.berth.cli.verb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class RawTest {
  private static JsonNode ask(int status, String text) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] answer = text.getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(status, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    server.start();
    Kubeconfig config =
        new Kubeconfig(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("t"),
            "default");
    try (ApiClient client = ApiClient.of(config, new Random(1))) {
      return Raw.ask(client, "GET", "/x", Map.of(), BodyPublishers.noBody());
    } finally {
      server.stop(0);
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
