package dev.berth.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.schema.MergePatch;
import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The GitRepositories of one namespace, kept by nobody: a test writes what a controller would say
/// of them, and nothing else does. Speaks as much of the API as the command asks for.
final class StandInGit implements AutoCloseable {
  static final String NS = "git-test";
  private static final String PATH = Kinds.GIT_REPOSITORY.collectionPath(NS);

  private final Map<String, ObjectNode> objects = new TreeMap<>();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;
  private final Path kubeconfig;
  private long revision;
  private boolean closed;

  StandInGit(Path dir) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(threads);
    server.start();
    kubeconfig =
        Files.writeString(
            dir.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: one
            contexts: [{name: one, context: {cluster: one, user: one, namespace: %s}}]
            clusters: [{name: one, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: one, user: {token: t}}]
            """
                .formatted(NS, server.getAddress().getPort()));
  }

  /// A repository whose status nobody has written yet.
  void repository(String name) {
    ObjectNode repository =
        Json.parseObject(
            """
            {"apiVersion": "berth.dev/v1alpha1", "kind": "GitRepository",
             "metadata": {"name": "%1$s", "namespace": "git-test", "generation": 1},
             "spec": {"url": "https://git.invalid/%1$s.git"}}"""
                .formatted(name));
    put(name, repository);
  }

  void status(String name, String json) {
    patch(name, Json.parseObject("{\"status\":" + json + "}"));
  }

  synchronized ObjectNode get(String name) {
    ObjectNode found = objects.get(name);
    if (found == null) {
      throw new IllegalArgumentException("no " + name);
    }
    return found.deepCopy();
  }

  /// Waits until it is so.
  synchronized void until(String name, Predicate<ObjectNode> condition)
      throws InterruptedException {
    while (!condition.test(get(name))) {
      wait();
    }
  }

  /// What a command says, which can be waited for.
  static final class Said extends ByteArrayOutputStream {
    @Override
    public synchronized void write(byte[] bytes, int from, int length) {
      super.write(bytes, from, length);
      notifyAll();
    }

    synchronized void await(String text) throws InterruptedException {
      while (!toString(StandardCharsets.UTF_8).contains(text)) {
        wait();
      }
    }
  }

  LiveApi.Ran berth(String... words) {
    return berth(new Said(), words);
  }

  LiveApi.Ran berth(Said err, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> all = new ArrayList<>(List.of(words));
    all.addAll(List.of("--kubeconfig", kubeconfig.toString()));
    Terminal terminal = Terminal.of(out, err, Map.of(), new Properties());
    int code = Main.run(terminal, all.toArray(String[]::new));
    terminal.flush();
    return new LiveApi.Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private synchronized void put(String name, ObjectNode object) {
    Json.ensure(object, "metadata").put("resourceVersion", Long.toString(++revision));
    objects.put(name, object);
    notifyAll();
  }

  private synchronized ObjectNode patch(String name, ObjectNode patch) {
    ObjectNode patched = Json.deepCopy(MergePatch.apply(get(name), patch));
    put(name, patched);
    return patched;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = String.valueOf(exchange.getRequestURI().getQuery());
    String name = path.startsWith(PATH + "/") ? path.substring(PATH.length() + 1) : "";
    if (query.contains("watch=true")) {
      watch(exchange, query);
    } else if (name.isEmpty()) {
      send(exchange, 200, list(query));
    } else if (!objects.containsKey(name)) {
      send(exchange, 404, Json.object().put("kind", "Status").put("code", 404));
    } else if (exchange.getRequestMethod().equals("PATCH")) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      send(exchange, 200, patch(name, Json.parseObject(body)));
    } else {
      send(exchange, 200, get(name));
    }
  }

  private static void send(HttpExchange exchange, int code, ObjectNode answer) throws IOException {
    byte[] bytes = Json.bytes(answer);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private synchronized ObjectNode list(String query) {
    ObjectNode list = Json.object();
    list.putObject("metadata").put("resourceVersion", Long.toString(revision));
    ArrayNode items = list.putArray("items");
    newer(0, query).forEach(items::add);
    return list;
  }

  private synchronized List<ObjectNode> newer(long than, String query) {
    return objects.values().stream()
        .filter(object -> Long.parseLong(Json.resourceVersion(object)) > than)
        .filter(
            object ->
                !query.contains("metadata.name=")
                    || query.contains("metadata.name=" + Json.name(object)))
        .toList();
  }

  private void watch(HttpExchange exchange, String query) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      for (long seen = 0; ; ) {
        for (ObjectNode object : next(seen, query)) {
          ObjectNode event = Json.object().put("type", "MODIFIED");
          event.set("object", object);
          out.write((event + "\n").getBytes(StandardCharsets.UTF_8));
          seen = Math.max(seen, Long.parseLong(Json.resourceVersion(object)));
        }
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized List<ObjectNode> next(long seen, String query)
      throws InterruptedException, IOException {
    while (newer(seen, query).isEmpty()) {
      if (closed) {
        throw new IOException("closed");
      }
      wait();
    }
    return newer(seen, query);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    server.stop(0);
    threads.shutdownNow();
  }
}
