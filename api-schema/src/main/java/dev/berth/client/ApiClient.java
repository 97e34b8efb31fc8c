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
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
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
import java.util.function.Consumer;
import java.util.function.Function;
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
  private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
  private static final Map<String, String> JSON_BODY = Map.of("Content-Type", "application/json");

  private final Sessions sessions;
  private final RandomGenerator random;

  private ApiClient(Sessions sessions, RandomGenerator random) {
    this.sessions = sessions;
    this.random = random;
  }

  /// The file is read again when the server no longer lets us in and the file has changed.
  public static ApiClient fromKubeconfig(Path kubeconfig) {
    return new ApiClient(Sessions.ofFile(kubeconfig), new Random());
  }

  /// `random` spreads the informers' retries; a test or a simulation gives a seeded one.
  public static ApiClient of(Kubeconfig config, RandomGenerator random) {
    return new ApiClient(Sessions.of(config), random);
  }

  public URI server() {
    return sessions.current().config().server();
  }

  /// Of the credentials in use; another one after they were renewed.
  public SSLContext sslContext() {
    return sessions.current().sslContext();
  }

  /// The namespace that the kubeconfig's context names, else `default`.
  public String defaultNamespace() {
    return sessions.current().config().namespace();
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
    HttpResponse<InputStream> response =
        send(
            session ->
                session
                    .request("GET", path, Map.of(), BodyPublishers.noBody())
                    .version(HttpClient.Version.HTTP_1_1)
                    .timeout(REQUEST_TIMEOUT)
                    .build());
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

  /// What a subresource makes, such as a `token` of a ServiceAccount.
  public ObjectNode create(ResourceType type, ObjectKey key, String subresource, ObjectNode body) {
    return call(
        "POST",
        type.objectPath(key) + "/" + subresource,
        JSON_BODY,
        BodyPublishers.ofByteArray(Json.bytes(body)));
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
    return send(session -> session.request(method, path, headers, body).build());
  }

  public HttpResponse<InputStream> raw(String method, String path) {
    return raw(method, path, Map.of(), BodyPublishers.noBody());
  }

  /// An open WebSocket on the server; `path` starts with a slash.
  public WebSocket webSocket(String path, WebSocket.Listener listener) {
    return webSocket(path, List.of(), listener);
  }

  /// The same. A server that answers and refuses is told as it is to other requests, by its Status.
  ///
  /// @param subprotocols that the caller speaks, the one it likes best first (RFC 6455, 1.9)
  public WebSocket webSocket(String path, List<String> subprotocols, WebSocket.Listener listener) {
    Session session = sessions.current();
    try {
      return session.webSocket(path, subprotocols, listener);
    } catch (CompletionException e) {
      Session newer = renewed(session, e).orElseThrow(() -> notOpened(session, cause(e)));
      return again(newer, path, subprotocols, listener);
    }
  }

  private static WebSocket again(
      Session session, String path, List<String> subprotocols, WebSocket.Listener listener) {
    try {
      return session.webSocket(path, subprotocols, listener);
    } catch (CompletionException e) {
      throw notOpened(session, cause(e));
    }
  }

  private static ApiException notOpened(Session session, Throwable cause) {
    if (!(cause instanceof WebSocketHandshakeException refused)
        || refused.getResponse().statusCode() < 400) {
      return unreachable(session, cause);
    }
    int code = refused.getResponse().statusCode();
    String body = String.valueOf(refused.getResponse().body());
    try {
      return new ApiException(ApiError.fromStatus(code, Json.parse(body)), cause);
    } catch (JacksonException | IllegalArgumentException e) {
      return new ApiException(
          ApiError.fromCode(code, "the server refused it: HTTP " + code), cause);
    }
  }

  private static Throwable cause(CompletionException e) {
    return e.getCause() == null ? e : e.getCause();
  }

  private ObjectNode call(
      String method, String path, Map<String, String> headers, BodyPublisher body) {
    HttpResponse<InputStream> response =
        send(
            session ->
                session.request(method, path, headers, body).timeout(REQUEST_TIMEOUT).build());
    if (response.statusCode() / 100 != 2) {
      throw new ApiException(errorOf(response));
    }
    try (InputStream in = response.body()) {
      return Json.parseObject(in.readAllBytes());
    } catch (IOException e) {
      throw unreachable(sessions.current(), e);
    } catch (JacksonException | IllegalArgumentException e) {
      throw new ApiException(
          new ApiError.InternalError(method + " " + path + ": the answer is not a JSON object"), e);
    }
  }

  /// Sends with the credentials in use and, when the server does not let us in and there are newer
  /// ones by now, once more with those.
  private HttpResponse<InputStream> send(Function<Session, HttpRequest> request) {
    Session session = sessions.current();
    HttpRequest first = request.apply(session);
    Optional<Session> newer;
    try {
      HttpResponse<InputStream> response = session.send(first);
      newer =
          response.statusCode() == 401 && Session.isRepeatable(first)
              ? sessions.newerThan(session)
              : Optional.empty();
      if (newer.isEmpty()) {
        return response;
      }
      response.body().close();
    } catch (IOException e) {
      newer =
          Session.onlyReads(first)
              ? sessions.newerThan(session)
              : renewed(session, e).filter(_ -> Session.isRepeatable(first));
      if (newer.isEmpty()) {
        throw unreachable(session, e);
      }
    } catch (InterruptedException e) {
      throw interrupted(first, e);
    }
    return again(newer.get(), request.apply(newer.get()));
  }

  private static HttpResponse<InputStream> again(Session session, HttpRequest request) {
    try {
      return session.send(request);
    } catch (IOException e) {
      throw unreachable(session, e);
    } catch (InterruptedException e) {
      throw interrupted(request, e);
    }
  }

  /// Newer credentials after a failure that may be one of the old ones. They are looked for after
  /// any, as a server may just hang up; but only what never arrived is sent again.
  private Optional<Session> renewed(Session failed, Throwable why) {
    return sessions.newerThan(failed).filter(_ -> Session.neverArrived(why));
  }

  private static ApiException interrupted(HttpRequest request, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new ApiException(
        new ApiError.ServiceUnavailable(request.method() + " " + request.uri() + ": interrupted"),
        e);
  }

  private static ApiException unreachable(Session session, Throwable cause) {
    return new ApiException(
        new ApiError.ServiceUnavailable(
            "cannot reach " + session.config().server() + ": " + Unreachable.why(cause)),
        cause);
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
    sessions.close();
  }
}
