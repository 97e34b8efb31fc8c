package dev.berth.client;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The Kubernetes API, seen from a client. Requests share one HTTP/2 connection; a watch has an
/// HTTP/1.1 connection of its own, so that ending it is closing it and many watches never wait for
/// a free stream. Calls block the calling thread.
public final class ApiClient implements AutoCloseable {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final Map<String, String> JSON_BODY = Map.of("Content-Type", "application/json");

  private final Kubeconfig config;
  private final SSLContext sslContext;
  private final HttpClient http;
  private final RandomGenerator random;

  private ApiClient(Kubeconfig config, RandomGenerator random) {
    this.config = config;
    this.random = random;
    this.sslContext =
        Tls.context(config.certificateAuthority(), config.clientCertificate(), config.clientKey());
    this.http =
        HttpClient.newBuilder()
            .sslContext(sslContext)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("api-client-", 0).factory()))
            .build();
  }

  public static ApiClient fromKubeconfig(Path kubeconfig) {
    return of(Kubeconfig.read(kubeconfig), new Random());
  }

  /// `random` spreads the informers' retries; a test or a simulation gives a seeded one.
  public static ApiClient of(Kubeconfig config, RandomGenerator random) {
    return new ApiClient(config, random);
  }

  public URI server() {
    return config.server();
  }

  public SSLContext sslContext() {
    return sslContext;
  }

  /// The namespace that the kubeconfig's context names, else `default`.
  public String defaultNamespace() {
    return config.namespace();
  }

  RandomGenerator random() {
    return random;
  }

  public ObjectNode get(ResourceType type, ObjectKey key) {
    return call("GET", type.objectPath(key), Map.of(), BodyPublishers.noBody());
  }

  public Optional<ObjectNode> find(ResourceType type, ObjectKey key) {
    try {
      return Optional.of(get(type, key));
    } catch (ApiException e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  public ListResult list(ResourceType type, @Nullable String namespace, ListOptions options) {
    Map<String, String> query = new LinkedHashMap<>();
    putSelectors(query, options.labels().toString(), options.fields().toString());
    if (options.limit() > 0) {
      query.put("limit", Integer.toString(options.limit()));
    }
    if (!options.continueToken().isEmpty()) {
      query.put("continue", options.continueToken());
    }
    ObjectNode list =
        call(
            "GET",
            type.collectionPath(namespace) + queryText(query),
            Map.of(),
            BodyPublishers.noBody());
    return new ListResult(
        items(list, type), Json.resourceVersion(list), Json.optional(list, "metadata", "continue"));
  }

  /// Items of a list carry no kind on the wire; everything behind this client may rely on it.
  private static List<ObjectNode> items(ObjectNode list, ResourceType type) {
    List<ObjectNode> items = new ArrayList<>();
    for (JsonNode item : list.path("items")) {
      if (item instanceof ObjectNode object) {
        object.put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
        items.add(object);
      }
    }
    return items;
  }

  private static void putSelectors(Map<String, String> query, String labels, String fields) {
    if (!labels.isEmpty()) {
      query.put("labelSelector", labels);
    }
    if (!fields.isEmpty()) {
      query.put("fieldSelector", fields);
    }
  }

  /// Opens a watch (an answer other than 200 is thrown) and hands its events to `sink` on a thread
  /// of the watch.
  public Watch watch(
      ResourceType type,
      @Nullable String namespace,
      WatchOptions options,
      Consumer<WatchEvent> sink) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("watch", "true");
    query.put("allowWatchBookmarks", "true");
    query.put("timeoutSeconds", Long.toString(options.timeout().toSeconds()));
    if (!options.resourceVersion().isEmpty()) {
      query.put("resourceVersion", options.resourceVersion());
    }
    putSelectors(query, options.labels().toString(), options.fields().toString());
    String path = type.collectionPath(namespace) + queryText(query);
    HttpRequest request =
        request("GET", path, Map.of(), BodyPublishers.noBody())
            .version(HttpClient.Version.HTTP_1_1)
            .timeout(REQUEST_TIMEOUT)
            .build();
    HttpResponse<InputStream> response = send(request);
    if (response.statusCode() != 200) {
      throw new ApiException(errorOf(response));
    }
    return HttpWatch.start(type, response.body(), options.timeout(), sink);
  }

  public ObjectNode create(ResourceType type, ObjectNode object) {
    return call(
        "POST",
        type.collectionPath(Json.namespace(object)),
        JSON_BODY,
        BodyPublishers.ofByteArray(Json.bytes(object)));
  }

  /// Writes the whole object; a `resourceVersion` in it guards against lost updates.
  public ObjectNode replace(ResourceType type, ObjectNode object) {
    return put(type.objectPath(ObjectKey.of(object)), object);
  }

  public ObjectNode replaceStatus(ResourceType type, ObjectNode object) {
    return put(type.objectPath(ObjectKey.of(object)) + "/status", object);
  }

  private ObjectNode put(String path, ObjectNode object) {
    return call("PUT", path, JSON_BODY, BodyPublishers.ofByteArray(Json.bytes(object)));
  }

  public ObjectNode patch(
      ResourceType type,
      ObjectKey key,
      PatchType patchType,
      JsonNode patch,
      @Nullable String subresource) {
    return call(
        "PATCH",
        type.objectPath(key) + (subresource == null ? "" : "/" + subresource),
        Map.of("Content-Type", patchType.mediaType()),
        BodyPublishers.ofByteArray(Json.bytes(patch)));
  }

  /// The object that is going, or the `Status` that says it is gone.
  public ObjectNode delete(ResourceType type, ObjectKey key, DeleteOptions options) {
    return call(
        "DELETE",
        type.objectPath(key),
        JSON_BODY,
        BodyPublishers.ofByteArray(Json.bytes(options.toTree())));
  }

  /// Any request; the answer is not judged and its body streams. The caller closes the body.
  public HttpResponse<InputStream> raw(
      String method, String path, Map<String, String> headers, BodyPublisher body) {
    return send(request(method, path, headers, body).build());
  }

  public HttpResponse<InputStream> raw(String method, String path) {
    return raw(method, path, Map.of(), BodyPublishers.noBody());
  }

  /// An open WebSocket on the server; `path` starts with a slash.
  public WebSocket webSocket(String path, WebSocket.Listener listener) {
    URI target = uri(path);
    String scheme = "https".equals(target.getScheme()) ? "wss" : "ws";
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
    config.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    try {
      return builder
          .buildAsync(
              URI.create(scheme + target.toString().substring(target.getScheme().length())),
              listener)
          .join();
    } catch (CompletionException e) {
      throw unreachable(e.getCause() == null ? e : e.getCause());
    }
  }

  private HttpRequest.Builder request(
      String method, String path, Map<String, String> headers, BodyPublisher body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(path))
            .method(method, body)
            .setHeader("Accept", "application/json")
            .setHeader("User-Agent", "berth");
    config.token().ifPresent(token -> request.setHeader("Authorization", "Bearer " + token));
    headers.forEach(request::setHeader);
    return request;
  }

  private URI uri(String path) {
    String base = config.server().toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private ObjectNode call(
      String method, String path, Map<String, String> headers, BodyPublisher body) {
    HttpResponse<InputStream> response =
        send(request(method, path, headers, body).timeout(REQUEST_TIMEOUT).build());
    if (response.statusCode() / 100 != 2) {
      throw new ApiException(errorOf(response));
    }
    try (InputStream in = response.body()) {
      return Json.parseObject(in.readAllBytes());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new ApiException(
          new ApiError.InternalError(method + " " + path + ": the answer is not a JSON object"), e);
    }
  }

  private HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ApiException(
          new ApiError.ServiceUnavailable(request.method() + " " + request.uri() + ": interrupted"),
          e);
    }
  }

  private ApiException unreachable(Throwable cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new ApiException(
        new ApiError.ServiceUnavailable("cannot reach " + config.server() + ": " + why), cause);
  }

  private static ApiError errorOf(HttpResponse<InputStream> response) {
    try (InputStream in = response.body()) {
      byte[] body = in.readNBytes(1 << 20);
      JsonNode status = Json.parse(body);
      return status.isObject()
          ? ApiError.fromStatus(response.statusCode(), status)
          : ApiError.fromCode(response.statusCode(), plain(response, body));
    } catch (IOException | JacksonException | IllegalArgumentException e) {
      return ApiError.fromCode(response.statusCode(), plain(response, new byte[0]));
    }
  }

  private static String plain(HttpResponse<?> response, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8).strip();
    return "the server answered " + response.statusCode() + (text.isEmpty() ? "" : ": " + text);
  }

  private static String queryText(Map<String, String> query) {
    return query.isEmpty()
        ? ""
        : query.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&", "?", ""));
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
