package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.controller.auth.Attributes;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.HttpSurface;
import dev.berth.controller.resource.ServedKinds;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The map of the whole port: mounted surfaces by prefix, then documents (discovery, health,
/// metrics), then objects. Authorization happens here, once, before anything else looks at the
/// request.
public final class ApiSurface implements HttpSurface {
  private final Authorizer authorizer;
  private final ServedKinds kinds;
  private final Documents documents;
  private final Reading reading;
  private final Writing writing;
  private final Relays relays;
  private final Streams streams;
  private final Measuring measuring;
  private final Debug debug;
  private final Map<String, HttpSurface> mounted = new LinkedHashMap<>();

  public ApiSurface(
      Authorizer authorizer,
      ServedKinds kinds,
      Documents documents,
      Reading reading,
      Writing writing,
      Relays relays,
      Streams streams,
      Measuring measuring,
      Debug debug) {
    this.authorizer = authorizer;
    this.kinds = kinds;
    this.documents = documents;
    this.reading = reading;
    this.writing = writing;
    this.relays = relays;
    this.streams = streams;
    this.measuring = measuring;
    this.debug = debug;
  }

  /// Hands every path that is `prefix` or below it to `surface`, which also answers refusals
  /// itself.
  public void mount(String prefix, HttpSurface surface) {
    mounted.put(prefix, surface);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    String path = exchange.path();
    for (var mount : mounted.entrySet()) {
      if (path.equals(mount.getKey()) || path.startsWith(mount.getKey() + "/")) {
        mount.getValue().handle(exchange);
        return;
      }
    }
    Optional<ApiPath> object = ApiPath.parse(path, kinds);
    if (object.isPresent()) {
      handle(exchange, object.get());
      return;
    }
    String verb = exchange.method().toLowerCase(java.util.Locale.ROOT);
    authorizer.require(exchange.identity(), new Attributes.OnPath(verb, path));
    documents.handle(exchange);
  }

  private void handle(HttpExchange exchange, ApiPath path) throws IOException {
    String verb = verb(exchange, path);
    authorizer.require(
        exchange.identity(),
        new Attributes.OnResource(
            verb,
            path.type(),
            path.namespace(),
            path.name(),
            path.subresource(),
            fields(exchange)));
    if (path.subresource().equals(Debug.SUBRESOURCE)) {
      debug.handle(exchange, path);
      return;
    }
    if (Measuring.wants(path)) {
      measuring.handle(exchange, path, verb);
      return;
    }
    if (Streams.isStream(path)) {
      streams.handle(exchange, path);
      return;
    }
    if (relays.wants(path)) {
      relays.handle(exchange, path);
      return;
    }
    switch (verb) {
      case "get" -> reading.get(exchange, path);
      case "list" -> reading.list(exchange, path);
      case "watch" -> reading.watch(exchange, path);
      case "create" -> writing.create(exchange, path);
      case "update" -> writing.update(exchange, path);
      case "patch" -> writing.patch(exchange, path);
      case "delete" -> writing.delete(exchange, path);
      case "deletecollection" -> writing.deleteCollection(exchange, path);
      default -> throw new IllegalStateException(verb);
    }
  }

  private static FieldSelector fields(HttpExchange exchange) {
    return ListQueries.fields(exchange);
  }

  private static String verb(HttpExchange exchange, ApiPath path) {
    boolean collection = path.isCollection();
    // A WebSocket begins with a GET, but who runs something in a pod does not only look.
    if (Streams.isStream(path)) {
      return "create";
    }
    if (Actions.isReview(path) && !(exchange.method().equals("POST") && collection)) {
      throw notAllowed(exchange);
    }
    return switch (exchange.method()) {
      case "GET", "HEAD" -> reading(exchange, path);
      case "POST" -> {
        if (!collection && path.subresource().isEmpty()) {
          throw notAllowed(exchange);
        }
        yield "create";
      }
      case "PUT" -> notOnCollection(exchange, collection, "update");
      case "PATCH" -> notOnCollection(exchange, collection, "patch");
      case "DELETE" -> {
        if (collection && path.type().namespaced() && path.namespace().isEmpty()) {
          throw notAllowed(exchange);
        }
        yield collection ? "deletecollection" : "delete";
      }
      default -> throw notAllowed(exchange);
    };
  }

  /// A watch of one object is a watch: it also shows what has that name later.
  private static String reading(HttpExchange exchange, ApiPath path) {
    if (path.subresource().isEmpty() && ListQueries.flag(exchange, "watch")) {
      return "watch";
    }
    return path.isCollection() ? "list" : "get";
  }

  private static String notOnCollection(HttpExchange exchange, boolean collection, String verb) {
    if (collection) {
      throw notAllowed(exchange);
    }
    return verb;
  }

  static ApiException notAllowed(HttpExchange exchange) {
    return new ApiException(
        new ApiError.MethodNotAllowed(
            "the server does not allow " + exchange.method() + " on " + exchange.path()));
  }
}
