package dev.berth.agent.endpoint;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.endpoint.Callers.Caller;
import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;
import dev.berth.api.Json;
import dev.berth.api.modelapp.Protocol;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocketConnectOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The whole gateway over loopback, between a client and a model that the test plays.
class GatewayTest {
  private static final int PATIENCE_SECONDS = 20;
  private static final Instant NOW = Instant.ofEpochSecond(1_767_225_603L);
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = vertx.createHttpClient();
  private final BlockingQueue<HttpServerRequest> arrived = new LinkedBlockingQueue<>();
  private final Gateway gateway =
      new Gateway(
          vertx,
          "127.0.0.1",
          new SimpleMeterRegistry(),
          InstantSource.fixed(NOW),
          System::nanoTime,
          new Random(7),
          () -> "id-1");

  @AfterEach
  void close() {
    gateway.close();
    await(vertx.close());
  }

  private static <T> T await(Future<T> future) {
    return future
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .join();
  }

  private HttpServerRequest next() throws InterruptedException {
    HttpServerRequest request = arrived.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertTrue(request != null, "the model got no request");
    return request;
  }

  private HttpServer model() {
    return await(vertx.createHttpServer().requestHandler(arrived::add).listen(0, "127.0.0.1"));
  }

  private int serve(int concurrency, Duration timeout, List<Integer> modelPorts) {
    return serve(Protocol.HTTP, concurrency, timeout, modelPorts);
  }

  private int serve(
      Protocol protocol, int concurrency, Duration timeout, List<Integer> modelPorts) {
    EndpointConfig config =
        new EndpointConfig(
            "ns",
            "app",
            "app-model",
            protocol,
            "m",
            "1.4",
            "",
            timeout,
            concurrency,
            modelPorts.stream().map(p -> new ReplicaAddress("127.0.0.1", p, "r1")).toList());
    gateway.callers(
        new Callers(
            Map.of(
                "127.0.0.1",
                new Caller(
                    "ns",
                    "p",
                    Map.of("berth.dev/modelapp", "app", "berth.dev/component", "app")))));
    gateway.apply(Map.of(config.key(), config));
    return gateway.ports().getOrDefault(config.key(), 0);
  }

  private Future<HttpClientResponse> get(int port) {
    return client.request(HttpMethod.GET, port, "127.0.0.1", "/x").compose(HttpClientRequest::send);
  }

  private static Call.Answer post(Call call) throws InterruptedException {
    try (CallMemory.Held held = call.hold()) {
      return call.post("ns", "app", "application/json", new byte[] {'1'}, held);
    }
  }

  private Call.Answer about(String modelApp) throws InterruptedException {
    Call call = new Call(gateway);
    try (CallMemory.Held held = call.hold()) {
      return call.about("ns", modelApp, held);
    }
  }

  /// The model's server is a stranger's container.
  @Test
  void metadataIsReadOnlyUpToABound() throws Exception {
    String long10M = "{\"inputs\":[],\"pad\":\"" + "x".repeat(10 << 20) + "\"}";
    HttpServer model =
        await(
            vertx
                .createHttpServer()
                .requestHandler(r -> r.response().end(long10M))
                .listen(0, "127.0.0.1"));
    serve(Protocol.OPEN_INFERENCE, 0, Duration.ofSeconds(10), List.of(model.actualPort()));
    Call.Answer answer = about("app");
    assertEquals(502, answer.status());
    assertEquals("answer-limit", answer.headers().get("berth-reason"));
  }

  @Test
  void anExampleThatNobodyCanHoldIsLeftOutAndSaysWhy() throws Exception {
    String metadata = "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[1000,1001]}]}";
    HttpServer model =
        await(
            vertx
                .createHttpServer()
                .requestHandler(r -> r.response().end(metadata))
                .listen(0, "127.0.0.1"));
    serve(Protocol.OPEN_INFERENCE, 0, Duration.ofSeconds(10), List.of(model.actualPort()));
    JsonNode about = Json.parse(about("app").body());
    assertEquals("{}", about.path("example").toString());
    assertTrue(about.path("reason").asString().contains("send a body of your own"));
    Call call = new Call(gateway);
    try (CallMemory.Held held = call.hold()) {
      assertEquals(413, call.post("ns", "app", "application/json", new byte[0], held).status());
    }
  }

  @Test
  void aShortAnswerToACallIsNotOverBeforeItIsRead() throws Exception {
    HttpServer quick =
        await(
            vertx
                .createHttpServer()
                .requestHandler(r -> r.response().end("{}"))
                .listen(0, "127.0.0.1"));
    serve(0, Duration.ofSeconds(10), List.of(quick.actualPort()));
    Call call = new Call(gateway);
    for (int i = 0; i < 300; i++) {
      Call.Answer answer = post(call);
      assertEquals("200 {}", answer.status() + " " + new String(answer.body(), US_ASCII));
    }
  }

  @Test
  void whatWasCalledIsReported() throws Exception {
    HttpServer model =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    r -> r.response().setStatusCode(r.uri().equals("/x") ? 500 : 200).end())
                .listen(0, "127.0.0.1"));
    int port = serve(0, Duration.ofSeconds(10), List.of(model.actualPort()));
    post(new Call(gateway));
    await(get(port).compose(HttpClientResponse::end));
    TrafficReport report = new TrafficReport(gateway, InstantSource.fixed(NOW));
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (report.since(0).at("/endpoints/0/points/0/1").asInt() < 2 && System.nanoTime() < end) {
      Thread.onSpinWait(); // it is counted just after the client has its answer
    }
    JsonNode row = report.since(0).at("/endpoints/0");
    assertEquals(
        "ns app r1",
        row.at("/namespace").asString()
            + " "
            + row.at("/modelapp").asString()
            + " "
            + row.at("/revision").asString());
    assertEquals("[1767225600,2,1,", row.at("/points/0").toString().substring(0, 16));
    assertEquals(0, report.since(1_767_225_601L).at("/endpoints").size());
  }

  @Test
  void aModelIsAskedWhatItTakes() throws Exception {
    String metadata = "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[-1,2]}]}";
    HttpServer model =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    r -> r.response().end(r.uri().equals("/v2/models/m") ? metadata : ""))
                .listen(0, "127.0.0.1"));
    serve(Protocol.OPEN_INFERENCE, 0, Duration.ofSeconds(10), List.of(model.actualPort()));
    Call.Answer answer = about("app");
    JsonNode about = Json.parse(answer.body());
    assertEquals("/v2/models/m/infer", about.path("path").asString());
    assertEquals(Json.parse(metadata), about.path("metadata"));
    assertEquals("[0.0,0.0]", about.at("/example/inputs/0/data").toString());
    TrafficReport report = new TrafficReport(gateway, InstantSource.fixed(NOW));
    assertEquals(0, report.since(0).at("/endpoints").size(), "it is no call of the model");
    assertEquals(503, about("another").status());
  }

  @Test
  void anEventGoesThroughBeforeTheNextOneIsMade() throws Exception {
    int port = serve(0, Duration.ofSeconds(10), List.of(model().actualPort()));
    BlockingQueue<String> events = new LinkedBlockingQueue<>();
    Future<HttpClientResponse> asked =
        get(port).onSuccess(r -> r.handler(chunk -> events.add(chunk.toString())));
    HttpServerRequest at = next();
    at.response().setChunked(true).putHeader("content-type", "text/event-stream");
    at.response().write("data: 1\n\n");
    assertEquals("data: 1\n\n", events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    at.response().write("data: 2\n\n");
    assertEquals("data: 2\n\n", events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
    at.response().end();
    HttpClientResponse answer = await(asked);
    assertEquals("1.4", answer.getHeader("berth-model-version"));
    assertEquals("r1", answer.getHeader("berth-revision"));
  }

  @Test
  void aWebSocketIsTiedThrough() throws Exception {
    HttpServer echo =
        await(
            vertx
                .createHttpServer()
                .webSocketHandler(ws -> ws.textMessageHandler(ws::writeTextMessage))
                .listen(0, "127.0.0.1"));
    int port = serve(0, Duration.ofSeconds(10), List.of(echo.actualPort()));
    CompletableFuture<String> heard = new CompletableFuture<>();
    var unused =
        vertx
            .createWebSocketClient()
            .connect(new WebSocketConnectOptions().setHost("127.0.0.1").setPort(port).setURI("/ws"))
            .onSuccess(
                ws -> {
                  ws.textMessageHandler(heard::complete);
                  ws.writeTextMessage("hello");
                })
            .onFailure(heard::completeExceptionally);
    assertEquals("hello", heard.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    assertFalse(unused.failed());
  }

  @Test
  void aBusyReplicaGetsTheNextRequestOnlyWhenItIsFree() throws Exception {
    int port = serve(1, Duration.ofSeconds(10), List.of(model().actualPort()));
    Future<HttpClientResponse> first = get(port);
    HttpServerRequest one = next();
    Future<HttpClientResponse> second = get(port);
    assertEquals(null, arrived.poll(200, TimeUnit.MILLISECONDS));
    one.response().end("1");
    assertEquals(200, await(first).statusCode());
    next().response().end("2");
    assertEquals(200, await(second).statusCode());
  }

  @Test
  void withoutAReplicaTheRefusalSaysWhyAndWhenToComeBack() {
    HttpClientResponse answer = await(get(serve(0, Duration.ofSeconds(10), List.of())));
    assertEquals(503, answer.statusCode());
    assertEquals("no-ready-replica", answer.getHeader("berth-reason"));
    assertEquals("1", answer.getHeader("retry-after"));
  }

  @Test
  void aSilentModelBecomesATimeout() throws Exception {
    HttpClientResponse answer =
        await(get(serve(0, Duration.ofMillis(200), List.of(model().actualPort()))));
    assertEquals(504, answer.statusCode());
    assertEquals("timeout", answer.getHeader("berth-reason"));
  }

  @Test
  void aClientThatLeavesFreesItsSlotAndCancelsTheModelsWork() throws Exception {
    int port = serve(1, Duration.ofSeconds(60), List.of(model().actualPort()));
    HttpClient impatient = vertx.createHttpClient();
    Future<HttpClientResponse> first =
        impatient.request(HttpMethod.GET, port, "127.0.0.1", "/x").compose(HttpClientRequest::send);
    CompletableFuture<String> cancelled = new CompletableFuture<>();
    next().connection().closeHandler(_ -> cancelled.complete("closed"));
    await(impatient.close());
    assertEquals("closed", cancelled.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    Future<HttpClientResponse> second = get(port);
    next().response().end("2");
    assertEquals(200, await(second).statusCode());
    assertFalse(first.succeeded());
  }
}
