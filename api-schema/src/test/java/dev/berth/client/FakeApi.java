package dev.berth.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A small API server on loopback: config maps in a map, lists, and watches whose every byte the
/// test decides.
final class FakeApi implements AutoCloseable {
  /// Ends the watch that takes it.
  static final String HANG_UP = "\u0000";

  private final HttpServer server;
  private final Map<String, String> objects = new TreeMap<>();
  final List<String> requests = new CopyOnWriteArrayList<>();

  /// What the next watches send, in turn; a watch takes until `HANG_UP`.
  final BlockingQueue<String> stream = new LinkedBlockingQueue<>();

  /// Statuses that the next watches are answered with instead.
  final BlockingQueue<String> refusals = new LinkedBlockingQueue<>();

  /// When set, the only `Authorization` that is let in.
  volatile Optional<String> onlyAuthorization = Optional.empty();

  private volatile long revision = 1;

  FakeApi(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  ApiClient client() {
    Kubeconfig config =
        new Kubeconfig(
            URI.create("http://127.0.0.1:" + port()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("secret-token"),
            "default");
    return ApiClient.of(config, new Random(1));
  }

  static String object(String name, long revision, String value) {
    return "{\"metadata\":{\"name\":\""
        + name
        + "\",\"namespace\":\"ns\",\"resourceVersion\":\""
        + revision
        + "\"},\"data\":{\"v\":\""
        + value
        + "\"}}";
  }

  synchronized void put(String name, long atRevision, String value) {
    objects.put(name, object(name, atRevision, value));
    revision = Math.max(revision, atRevision);
  }

  synchronized void drop(String name, long atRevision) {
    objects.remove(name);
    revision = Math.max(revision, atRevision);
  }

  void send(String type, String object) {
    stream.add("{\"type\":\"" + type + "\",\"object\":" + object + "}\n");
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = Optional.ofNullable(exchange.getRequestURI().getRawQuery()).orElse("");
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    String shown =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")).orElse("");
    try (exchange) {
      if (!onlyAuthorization.orElse(shown).equals(shown)) {
        reply(exchange, 401, status(401, "Unauthorized", "Unauthorized"));
      } else if (query.contains("watch=true")) {
        watch(exchange);
      } else if (exchange.getRequestURI().getPath().endsWith("/configmaps")) {
        reply(exchange, 200, list());
      } else {
        one(exchange);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void one(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    String found;
    synchronized (this) {
      found = objects.get(name);
    }
    if (found == null) {
      reply(exchange, 404, status(404, "NotFound", "configmaps \"" + name + "\" not found"));
    } else {
      reply(exchange, 200, found);
    }
  }

  static String status(int code, String reason, String message) {
    ObjectNode status = Json.object().put("kind", "Status").put("apiVersion", "v1");
    return Json.string(status.put("code", code).put("reason", reason).put("message", message));
  }

  private synchronized String list() {
    ObjectNode list = Json.object().put("kind", "ConfigMapList").put("apiVersion", "v1");
    list.putObject("metadata").put("resourceVersion", Long.toString(revision));
    ArrayNode items = list.putArray("items");
    objects.values().forEach(object -> items.add(Json.parse(object)));
    return Json.string(list);
  }

  private void watch(HttpExchange exchange) throws IOException, InterruptedException {
    String refusal = refusals.poll();
    if (refusal != null) {
      reply(exchange, Json.parse(refusal).path("code").asInt(500), refusal);
      return;
    }
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      out.flush();
      for (String next = stream.take(); !next.equals(HANG_UP); next = stream.take()) {
        out.write(next.getBytes(UTF_8));
        out.flush();
      }
    }
  }

  private static void reply(HttpExchange exchange, int code, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    stream.add(HANG_UP);
    server.stop(0);
  }
}
