package dev.berth.agent.endpoint;

import dev.berth.api.Json;
import dev.berth.api.modelapp.Protocol;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Asks an endpoint from outside, for `berth call`: the same choice of replica and the same figures
/// as a request of the app. Without a body it sends zeros in the shape that the model itself
/// declares. Blocks; for virtual threads.
public final class Call {
  private static final int MAX_ELEMENTS = 1_000_000;
  private final Gateway gateway;

  public Call(Gateway gateway) {
    this.gateway = gateway;
  }

  /// The answer as the model gave it, or the gateway's own error.
  @SuppressWarnings("ArrayRecordComponent") // bytes on their way through, never compared
  public record Answer(int status, Map<String, String> headers, byte[] body) {}

  public Answer post(String namespace, String modelApp, String contentType, byte[] body)
      throws InterruptedException {
    Optional<Endpoint> found = gateway.endpoint(namespace, modelApp);
    if (found.isEmpty()) {
      return error(
          503,
          "no-ready-replica",
          "ModelApp " + namespace + "/" + modelApp + " has no endpoint on this host yet");
    }
    Endpoint endpoint = found.get();
    long start = gateway.now();
    Replica replica;
    try {
      replica = endpoint.acquire().get();
    } catch (ExecutionException e) {
      Endpoint.Refusal why =
          e.getCause() instanceof Endpoint.Refused r
              ? r.refusal
              : Endpoint.Refusal.NO_READY_REPLICA;
      gateway.metrics().request(endpoint.config(), "", 503, why.reason, gateway.now() - start);
      return error(
          503, why.reason, "no replica of " + endpoint.config().service() + " can take a request");
    }
    try {
      return ask(endpoint.config(), replica, contentType, body, start);
    } finally {
      endpoint.release(replica, gateway.now() - start);
    }
  }

  private Answer ask(
      EndpointConfig config, Replica replica, String contentType, byte[] body, long start)
      throws InterruptedException {
    String revision = replica.address.revision();
    try {
      byte[] payload = body.length > 0 ? body : Json.bytes(example(config, replica, start));
      Answer answer =
          request(
              config, replica, HttpMethod.POST, predictPath(config), contentType, payload, start);
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
    } catch (ExecutionException e) {
      gateway.metrics().request(config, revision, 503, "no-ready-replica", gateway.now() - start);
      return error(
          503,
          "no-ready-replica",
          "the replica broke the connection: "
              + (e.getCause() == null ? e : e.getCause()).getMessage());
    }
  }

  private static String predictPath(EndpointConfig config) {
    return switch (config.protocol()) {
      case OPEN_INFERENCE -> config.basePath() + "/v2/models/" + config.modelName() + "/infer";
      case OPENAI -> config.basePath() + "/v1/chat/completions";
      case AUTO, HTTP -> config.basePath().isEmpty() ? "/" : config.basePath();
    };
  }

  private ObjectNode example(EndpointConfig config, Replica replica, long start)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (config.protocol() == Protocol.OPENAI) {
      ObjectNode chat = Json.object().put("model", config.modelName()).put("max_tokens", 8);
      chat.putArray("messages").addObject().put("role", "user").put("content", "Hello");
      return chat;
    }
    if (config.protocol() != Protocol.OPEN_INFERENCE) {
      return Json.object();
    }
    Answer metadata =
        request(
            config,
            replica,
            HttpMethod.GET,
            config.basePath() + "/v2/models/" + config.modelName(),
            "",
            new byte[0],
            start);
    try {
      return zeros(Json.parse(metadata.body()));
    } catch (JacksonException e) {
      return Json.object();
    }
  }

  /// One request of zeros: a variable dimension becomes 1.
  static ObjectNode zeros(JsonNode metadata) {
    ObjectNode request = Json.object();
    ArrayNode inputs = request.putArray("inputs");
    for (JsonNode tensor : metadata.path("inputs")) {
      ObjectNode input =
          inputs
              .addObject()
              .put("name", Json.text(tensor, "name"))
              .put("datatype", Json.text(tensor, "datatype"));
      ArrayNode shape = input.putArray("shape");
      long count = 1;
      for (JsonNode d : tensor.path("shape")) {
        long size = Math.max(1, d.asLong(1));
        shape.add(size);
        count *= size;
      }
      ArrayNode data = input.putArray("data");
      for (long i = 0; i < Math.min(count, MAX_ELEMENTS); i++) {
        zero(data, Json.text(tensor, "datatype"));
      }
    }
    return request;
  }

  private static void zero(ArrayNode data, String datatype) {
    switch (datatype) {
      case "BOOL" -> data.add(false);
      case "BYTES" -> data.add("");
      case "FP16", "FP32", "FP64", "BF16" -> data.add(0.0);
      default -> data.add(0);
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
      long start)
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
    CompletableFuture<Answer> answer =
        gateway
            .relay()
            .client()
            .request(options)
            .compose(r -> r.send(Buffer.buffer(body)))
            .compose(
                r ->
                    r.body()
                        .map(
                            b -> {
                              Map<String, String> headers = new TreeMap<>();
                              r.headers()
                                  .forEach(
                                      (k, v) ->
                                          headers.put(k.toLowerCase(java.util.Locale.ROOT), v));
                              headers
                                  .keySet()
                                  .removeAll(
                                      java.util.Set.of(
                                          "content-length",
                                          "transfer-encoding",
                                          "connection",
                                          "keep-alive"));
                              return new Answer(r.statusCode(), headers, b.getBytes());
                            }))
            .toCompletionStage()
            .toCompletableFuture();
    return answer.get(left(config, start), TimeUnit.NANOSECONDS);
  }

  private static Answer error(int status, String reason, String message) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("content-type", "application/json");
    headers.put("berth-reason", reason);
    if (status == 503) {
      headers.put("retry-after", Gateway.RETRY_SECONDS);
    }
    return new Answer(status, headers, Json.bytes(Json.object().put("error", message)));
  }
}
