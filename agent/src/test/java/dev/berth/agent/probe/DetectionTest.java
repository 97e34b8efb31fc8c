package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.agent.diagnosis.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DetectionTest {
  private record Reply(int status, String body) {}

  private static Outcome ask(String protocol, Map<String, Reply> replies) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Reply reply =
              replies.getOrDefault(exchange.getRequestURI().getPath(), new Reply(404, "no"));
          byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(reply.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    try {
      Probe probe =
          Probe.every(
              Duration.ofSeconds(5),
              new Probe.Handler.Endpoint(protocol, "iris", "", server.getAddress().getPort()));
      ProbeTarget target =
          new ProbeTarget(
              "127.0.0.1", ProcessHandle.current().pid(), (_, _) -> new ProbeTarget.Result(0, ""));
      return new Prober().ask(probe, target);
    } finally {
      server.stop(0);
    }
  }

  @Test
  void aServerThatIsLoadingHasNoProtocolYet() throws IOException {
    Outcome byHealth = ask("auto", Map.of("/v2/health/ready", new Reply(503, "")));
    assertFalse(byHealth.ok());
    assertEquals("", byHealth.protocol());
    assertFalse(ask("auto", Map.of("/v1/models", new Reply(503, ""))).ok());
  }

  @Test
  void plainHttpIsWhatSaysNoToBoth() throws IOException {
    assertEquals(Outcome.speaks("Http"), ask("auto", Map.of()));
  }

  @Test
  void aModelListIsOpenAi() throws IOException {
    assertEquals(
        Outcome.speaks("OpenAI"),
        ask("auto", Map.of("/v1/models", new Reply(200, "{\"object\":\"list\"}"))));
  }

  @Test
  void aMismatchSaysWhatWasFound() throws IOException {
    Outcome o =
        ask("open-inference", Map.of("/v1/models", new Reply(200, "{\"object\":\"list\"}")));
    assertEquals(Reason.PROTOCOL_MISMATCH, o.reason());
    assertTrue(
        o.message()
            .endsWith(
                "GET /v2/models/iris/ready gave 404; GET /v1/models gave a model list: looks like"
                    + " openai"),
        o.message());
  }

  @Test
  void aServerOfOtherModelsNamesThem() throws IOException {
    Outcome o =
        ask(
            "open-inference",
            Map.of(
                "/v2/health/ready",
                new Reply(200, ""),
                "/v2/models",
                new Reply(200, "{\"models\":[{\"name\":\"digits\"},\"mnist\"]}")));
    assertEquals(Reason.MODEL_NAME_MISMATCH, o.reason());
    assertTrue(o.message().endsWith("it serves digits, mnist"), o.message());
  }

  @Test
  void aModelThatTheServerNamesIsOnlyNotReady() throws IOException {
    Outcome o =
        ask(
            "open-inference",
            Map.of(
                "/v2/health/ready",
                new Reply(200, ""),
                "/v2/models",
                new Reply(200, "[\"iris\"]")));
    assertEquals(Reason.NEVER_READY, o.reason());
  }

  @Test
  void anOpenAiServerMustListTheModel() throws IOException {
    String list = "{\"object\":\"list\",\"data\":[{\"id\":\"llama\"}]}";
    Outcome o = ask("openai", Map.of("/v1/models", new Reply(200, list)));
    assertEquals(Reason.MODEL_NAME_MISMATCH, o.reason());
    assertEquals(
        "the server does not serve the model iris (GET /v1/models gave a model list); it serves"
            + " llama",
        o.message());
  }

  @Test
  void aServerThatFailsIsNotReadyAndOneThatTalksNonsenseIsInvalid() throws IOException {
    Outcome failing = ask("open-inference", Map.of("/v2/health/ready", new Reply(500, "")));
    assertEquals(Reason.NEVER_READY, failing.reason());
    Outcome nonsense = ask("openai", Map.of("/v1/models", new Reply(200, "<html>")));
    assertEquals(Reason.INVALID_ANSWER, nonsense.reason());
    assertEquals("GET /v1/models gave 200 but no model list", nonsense.message());
  }
}
