package dev.berth.agent.endpoint;

import dev.berth.api.Json;
import dev.berth.api.modelapp.Protocol;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks an endpoint from outside, for `berth call`: the same choice of replica and the same figures
/// as a request of the app. Without a body it sends zeros in the shape that the model itself
/// declares. Blocks; for virtual threads.
public final class Call {
  private static final int MOST_BYTES = 64 << 20;
  private static final String TOO_MANY_ELEMENTS =
      "the model's inputs have more than "
          + Example.MOST_ELEMENTS
          + " elements: send a body of your own";
  private static final Set<String> HOP_BY_HOP =
      Set.of("content-length", "transfer-encoding", "connection", "keep-alive");

  /// It is read into a tree; as a probe does.
  private static final int MOST_METADATA = 256 * 1024;

  /// Of a number that is held as a node of a tree and as text.
  private static final int ELEMENT = 32;

  private final CallMemory memory = new CallMemory(MOST_BYTES);
  private final Gateway gateway;

  public Call(Gateway gateway) {
    this.gateway = gateway;
  }

  /// The answer as the model gave it, or the gateway's own error.
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way through, never compared
  public record Answer(int status, Map<String, String> headers, byte[] body) {}

  /// The memory of one call and its answer, to be closed when both have gone out.
  public CallMemory.Held hold() {
    return memory.hold();
  }

  /// The answer to a call for whose body there is no room now.
  public static Answer noMemory() {
    return Unheld.busy().answer();
  }

  /// The answer to a call whose body is larger than anybody may send.
  public static Answer tooLarge(int most) {
    return new Unheld(413, "body-limit", "the body is larger than " + (most >> 20) + " MiB")
        .answer();
  }

  /// The room for the body is taken already.
  public Answer post(
      String namespace, String modelApp, String contentType, byte[] body, CallMemory.Held held)
      throws InterruptedException {
    Optional<Endpoint> found = gateway.endpoint(namespace, modelApp);
    if (found.isEmpty()) {
      return nowhere(namespace, modelApp);
    }
    Endpoint endpoint = found.get();
    long start = gateway.now();
    Replica replica;
    try {
      replica = endpoint.acquire().get();
    } catch (ExecutionException e) {
      String why = reason(e);
      gateway.metrics().request(endpoint.config(), "", 503, why, gateway.now() - start);
      return error(
          503, why, "no replica of " + endpoint.config().service() + " can take a request");
    }
    try {
      return ask(endpoint.config(), replica, contentType, body, start, held);
    } finally {
      endpoint.release(replica, gateway.now() - start);
    }
  }

  /// What may be asked and how, for a form: protocol, path, the model's own metadata, and what a
  /// call without a body would send. It is no call of the model, so no figure counts it.
  public Answer about(String namespace, String modelApp, CallMemory.Held held)
      throws InterruptedException {
    Optional<Endpoint> found = gateway.endpoint(namespace, modelApp);
    if (found.isEmpty()) {
      return nowhere(namespace, modelApp);
    }
    Endpoint endpoint = found.get();
    EndpointConfig config = endpoint.config();
    long start = gateway.now();
    try {
      Replica replica = endpoint.acquire().get();
      try {
        return json(200, Map.of(), about(config, metadata(config, replica, start, held), held));
      } finally {
        endpoint.release(replica, gateway.now() - start);
      }
    } catch (TimeoutException e) {
      return error(504, "timeout", config.service() + " does not tell what it takes");
    } catch (Unheld e) {
      return e.answer();
    } catch (ExecutionException e) {
      return e.getCause() instanceof Unheld unheld
          ? unheld.answer()
          : error(503, reason(e), "no replica of " + config.service() + " can be asked");
    }
  }

  private static ObjectNode about(EndpointConfig config, JsonNode metadata, CallMemory.Held held)
      throws Unheld {
    ObjectNode about =
        Json.object()
            .put("protocol", config.protocol().text())
            .put("modelName", config.modelName())
            .put("path", predictPath(config));
    about.set("metadata", metadata);
    Optional<ObjectNode> example = example(config, metadata, held);
    about.set("example", example.orElseGet(Json::object));
    if (example.isEmpty()) {
      about.put("reason", TOO_MANY_ELEMENTS);
    }
    return about;
  }

  private static Answer nowhere(String namespace, String modelApp) {
    return error(
        503,
        "no-ready-replica",
        "ModelApp " + namespace + "/" + modelApp + " has no endpoint on this host yet");
  }

  private static String reason(ExecutionException e) {
    return e.getCause() instanceof Endpoint.Refused refused
        ? refused.refusal.reason
        : Endpoint.Refusal.NO_READY_REPLICA.reason;
  }

  private Answer ask(
      EndpointConfig config,
      Replica replica,
      String contentType,
      byte[] body,
      long start,
      CallMemory.Held held)
      throws InterruptedException {
    String revision = replica.address.revision();
    try {
      byte[] payload = body.length > 0 ? body : zeros(config, replica, start, held);
      Answer answer =
          request(
              config,
              replica,
              HttpMethod.POST,
              predictPath(config),
              contentType,
              payload,
              start,
              new Room(held, MOST_BYTES));
      Map<String, String> headers = new TreeMap<>(answer.headers());
      headers.put("berth-revision", revision);
      headers.put("berth-request-id", gateway.id());
      if (!config.version().isEmpty()) {
        headers.put("berth-model-version", config.version());
      }
      gateway.metrics().request(config, revision, answer.status(), "", gateway.now() - start);
      return new Answer(answer.status(), headers, answer.body());
    } catch (TimeoutException e) {
      gateway.metrics().request(config, revision, 504, "timeout", gateway.now() - start);
      return error(
          504,
          "timeout",
          config.service() + " did not answer within " + config.timeout().toMillis() + " ms");
    } catch (Unheld e) {
      return counted(e, config, revision, start);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Unheld unheld) {
        return counted(unheld, config, revision, start);
      }
      gateway.metrics().request(config, revision, 503, "no-ready-replica", gateway.now() - start);
      return error(
          503,
          "no-ready-replica",
          "the replica broke the connection: "
              + (e.getCause() == null ? e : e.getCause()).getMessage());
    }
  }

  private Answer counted(Unheld e, EndpointConfig config, String revision, long start) {
    gateway.metrics().request(config, revision, e.status, e.reason, gateway.now() - start);
    return e.answer();
  }

  private static String predictPath(EndpointConfig config) {
    return switch (config.protocol()) {
      case OPEN_INFERENCE -> config.basePath() + "/v2/models/" + config.modelName() + "/infer";
      case OPENAI -> config.basePath() + "/v1/chat/completions";
      case AUTO, HTTP -> config.basePath().isEmpty() ? "/" : config.basePath();
    };
  }

  private byte[] zeros(EndpointConfig config, Replica replica, long start, CallMemory.Held held)
      throws InterruptedException, ExecutionException, TimeoutException, Unheld {
    JsonNode metadata = metadata(config, replica, start, held);
    return Json.bytes(
        example(config, metadata, held)
            .orElseThrow(() -> new Unheld(413, "body-limit", TOO_MANY_ELEMENTS)));
  }

  private static Optional<ObjectNode> example(
      EndpointConfig config, JsonNode metadata, CallMemory.Held held) throws Unheld {
    if (!held.take(Example.elements(metadata) * ELEMENT)) {
      throw Unheld.busy();
    }
    return Example.of(config, metadata);
  }

  /// What the model says of itself; empty where its protocol has no word for that, or it says
  /// nothing that can be read.
  private JsonNode metadata(
      EndpointConfig config, Replica replica, long start, CallMemory.Held held)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (config.protocol() != Protocol.OPEN_INFERENCE) {
      return Json.object();
    }
    Answer answer =
        request(
            config,
            replica,
            HttpMethod.GET,
            config.basePath() + "/v2/models/" + config.modelName(),
            "",
            new byte[0],
            start,
            new Room(held, MOST_METADATA));
    try {
      JsonNode tree = Json.parse(answer.body());
      return answer.status() == 200 && tree.isObject() ? tree : Json.object();
    } catch (JacksonException | IllegalArgumentException e) {
      return Json.object();
    }
  }

  /// The time runs from the arrival, with what was spent in line.
  private long left(EndpointConfig config, long start) {
    return Math.max(1, config.timeout().toNanos() - (gateway.now() - start));
  }

  private Answer request(
      EndpointConfig config,
      Replica replica,
      HttpMethod method,
      String path,
      String contentType,
      byte[] body,
      long start,
      Room room)
      throws InterruptedException, ExecutionException, TimeoutException {
    RequestOptions options =
        new RequestOptions()
            .setHost(replica.address.address())
            .setPort(replica.address.port())
            .setMethod(method)
            .setURI(path);
    if (!contentType.isEmpty()) {
      options.putHeader("content-type", contentType);
    }
    AtomicReference<@Nullable HttpClientRequest> open = new AtomicReference<>();
    CompletableFuture<Answer> answer =
        gateway
            .relay()
            .onLoop(() -> send(options, body, open, room))
            .toCompletionStage()
            .toCompletableFuture();
    try {
      return answer.get(left(config, start), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | InterruptedException e) {
      HttpClientRequest late = open.get();
      if (late != null) {
        late.reset();
      }
      throw e;
    }
  }

  private Future<Answer> send(
      RequestOptions options,
      byte[] body,
      AtomicReference<@Nullable HttpClientRequest> open,
      Room room) {
    return gateway
        .relay()
        .client()
        .request(options)
        .compose(
            request -> {
              open.set(request);
              return request.send(Buffer.buffer(body));
            })
        .compose(
            answer ->
                bounded(answer, room)
                    .map(
                        whole ->
                            new Answer(answer.statusCode(), headers(answer), whole.getBytes())));
  }

  /// Where an answer is held, and how large it may be.
  private record Room(CallMemory.Held held, int most) {}

  /// Something larger than what is held of a call in memory.
  private static final class Unheld extends Exception {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String reason;

    Unheld(int status, String reason, String message) {
      super(message);
      this.status = status;
      this.reason = reason;
    }

    static Unheld busy() {
      return new Unheld(
          429, "memory-full", "this node has no memory for more calls now: call again later");
    }

    static Unheld tooLarge(int most) {
      return new Unheld(
          502, "answer-limit", "the model's answer is larger than " + most + " bytes");
    }

    Answer answer() {
      return error(status, reason, String.valueOf(getMessage()));
    }
  }

  /// Those of the answer itself, without those of its way here.
  private static Map<String, String> headers(HttpClientResponse answer) {
    Map<String, String> headers = new TreeMap<>();
    answer.headers().forEach((k, v) -> headers.put(k.toLowerCase(Locale.ROOT), v));
    headers.keySet().removeAll(HOP_BY_HOP);
    return headers;
  }

  /// The whole body, as long as it is one to hold in memory.
  private static Future<Buffer> bounded(HttpClientResponse answer, Room room) {
    Promise<Buffer> whole = Promise.promise();
    Buffer body = Buffer.buffer();
    answer.exceptionHandler(whole::tryFail);
    answer.endHandler(_ -> whole.tryComplete(body));
    answer.handler(
        part -> {
          if (body.length() + part.length() > room.most()) {
            whole.tryFail(Unheld.tooLarge(room.most()));
            answer.request().reset();
          } else if (!room.held().takeBody(part.length())) {
            whole.tryFail(Unheld.busy());
            answer.request().reset();
          } else {
            body.appendBuffer(part);
          }
        });
    return whole.future();
  }

  private static Answer error(int status, String reason, String message) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("berth-reason", reason);
    if (status == 503 || status == 429) {
      headers.put("retry-after", Gateway.RETRY_SECONDS);
    }
    return json(status, headers, Json.object().put("error", message));
  }

  private static Answer json(int status, Map<String, String> more, ObjectNode body) {
    Map<String, String> headers = new TreeMap<>(more);
    headers.put("content-type", "application/json");
    return new Answer(status, headers, Json.bytes(body));
  }
}
