package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Reason;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DetectionTest {
  private record Reply(int status, String body) {}

  private static final Reply BUSY = new Reply(400, "{\"error\":\"model is not ready\"}");

  private static Outcome ask(String protocol, Map<String, Reply> replies) throws IOException {
    return ask(protocol, replies, false);
  }

  private static Outcome ask(String protocol, Map<String, Reply> replies, boolean loading)
      throws IOException {
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
              "127.0.0.1",
              ProcessHandle.current().pid(),
              (_, _) -> new ProbeTarget.Result(0, ""),
              () -> loading);
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
  void aServerThatRefusesEveryQuestionWhileItMayBeLoadingIsNotReadyYet() throws IOException {
    Map<String, Reply> busy =
        Map.of(
            "/v2/health/ready", BUSY,
            "/v2/health/live", BUSY,
            "/v2/models/iris/ready", BUSY,
            "/v2/models/iris", BUSY);
    for (Map<String, Reply> refusing : List.of(busy, Map.<String, Reply>of())) {
      Outcome loading = ask("open-inference", refusing, true);
      assertEquals(Optional.of(Reason.NEVER_READY), loading.reason(), refusing::toString);
      assertEquals(Optional.of(Reason.PROTOCOL_MISMATCH), ask("open-inference", refusing).reason());
    }
    assertEquals(Optional.of(Reason.NEVER_READY), ask("auto", busy, true).reason());
    assertEquals(Outcome.speaks("Http"), ask("auto", busy));
    assertEquals(Outcome.speaks("Http"), ask("auto", Map.of(), true));
  }

  @Test
  void oneThatSaysThatItLivesHasTheProtocolForAllTime() throws IOException {
    Map<String, Reply> alive = Map.of("/v2/health/live", new Reply(200, ""));
    for (String protocol : List.of("auto", "open-inference")) {
      assertEquals(Optional.of(Reason.NEVER_READY), ask(protocol, alive).reason());
    }
  }

  @Test
  void aServerThatNamesNoModelWhileItMayBeLoadingIsNotReadyYet() throws IOException {
    Map<String, Reply> unnamed =
        Map.of(
            "/v2/health/ready", new Reply(200, ""),
            "/v2/models/iris/ready", BUSY,
            "/v2/models/iris", BUSY);
    assertEquals(Optional.of(Reason.NEVER_READY), ask("open-inference", unnamed, true).reason());
    assertEquals(Optional.of(Reason.MODEL_NAME_MISMATCH), ask("open-inference", unnamed).reason());
  }

  @Test
  void whatAnotherProtocolAnswersIsAMismatchAlsoWhileLoading() throws IOException {
    Map<String, Reply> openAi = Map.of("/v1/models", new Reply(200, "{\"object\":\"list\"}"));
    assertEquals(
        Optional.of(Reason.PROTOCOL_MISMATCH), ask("open-inference", openAi, true).reason());
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
    assertEquals(Optional.of(Reason.PROTOCOL_MISMATCH), o.reason());
    assertTrue(
        o.message()
            .endsWith(
                "GET /v2/models/iris/ready gave 404; GET /v1/models gave a model list: looks like"
                    + " openai"),
        o.message());
  }

  @Test
  void aMismatchNamesTheModelsThatAreServed() throws IOException {
    String list = "{\"object\":\"list\",\"data\":[{\"id\":\"chat\"}]}";
    Outcome o = ask("open-inference", Map.of("/v1/models", new Reply(200, list)));
    assertTrue(o.message().endsWith(": looks like openai; it serves chat"), o.message());
  }

  @Test
  void aPageForEveryPathIsNoProtocol() throws IOException {
    Reply page = new Reply(200, "<html>welcome</html>");
    Map<String, Reply> everywhere =
        Map.of(
            "/v2/health/ready", page,
            "/v2/models/iris/ready", page,
            "/v2/models/iris", page,
            "/v1/models", page);
    assertEquals(Outcome.speaks("Http"), ask("auto", everywhere));
    Outcome openAi = ask("openai", everywhere);
    assertEquals(Optional.of(Reason.INVALID_ANSWER), openAi.reason());
    assertEquals("GET /v1/models gave 200 but no model list", openAi.message());
    Outcome open = ask("open-inference", everywhere);
    assertEquals(Optional.of(Reason.INVALID_ANSWER), open.reason());
    assertTrue(
        open.message().startsWith("GET /v2/health/ready gave 200 but neither nothing nor JSON"),
        open.message());
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
    assertEquals(Optional.of(Reason.MODEL_NAME_MISMATCH), o.reason());
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
    assertEquals(Optional.of(Reason.NEVER_READY), o.reason());
  }

  @Test
  void anOpenAiServerMustListTheModel() throws IOException {
    String list = "{\"object\":\"list\",\"data\":[{\"id\":\"llama\"}]}";
    Outcome o = ask("openai", Map.of("/v1/models", new Reply(200, list)));
    assertEquals(Optional.of(Reason.MODEL_NAME_MISMATCH), o.reason());
    assertEquals(
        "the server does not serve the model iris (GET /v1/models does not list it); it serves"
            + " llama",
        o.message());
  }

  @Test
  void aServerThatFailsIsNotReadyAndOneThatTalksNonsenseIsInvalid() throws IOException {
    Outcome failing = ask("open-inference", Map.of("/v2/health/ready", new Reply(500, "")));
    assertEquals(Optional.of(Reason.NEVER_READY), failing.reason());
    Outcome nonsense = ask("openai", Map.of("/v1/models", new Reply(200, "<html>")));
    assertEquals(Optional.of(Reason.INVALID_ANSWER), nonsense.reason());
    assertEquals("GET /v1/models gave 200 but no model list", nonsense.message());
  }
}
