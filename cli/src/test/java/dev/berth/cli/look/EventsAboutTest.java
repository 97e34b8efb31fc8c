package dev.berth.cli.look;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.Random;
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
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          boolean first = asked.incrementAndGet() == 1;
          byte[] answer = Json.bytes(Json.parseObject(first ? BUSY : POD));
          exchange.sendResponseHeaders(first ? 503 : 200, answer.length);
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
      EventsAbout digits =
          new EventsAbout(client, Kinds.MODEL_APP, new ObjectKey("shop", "digits"));

      assertFalse(digits.test(EVENT));
      assertTrue(digits.test(EVENT));
      assertTrue(digits.test(EVENT));
    } finally {
      server.stop(0);
    }
    assertEquals(2, asked.get());
  }
}
