package dev.berth.gitops.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/// `git http-backend` behind the JDK's server, with a login.
final class SmartHttpServer implements AutoCloseable {
  private final HttpServer server;
  private final Path folder;
  private final Predicate<String> login;
  final List<String> seen = new CopyOnWriteArrayList<>();

  /// @param login decides by the `Authorization` header, empty where there is none
  SmartHttpServer(Path folder, Predicate<String> login) throws IOException {
    this.folder = folder;
    this.login = login;
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /// Sends everything below a path to another server.
  void redirect(String path, String target) {
    server.createContext(
        path,
        exchange -> {
          exchange
              .getResponseHeaders()
              .set(
                  "Location",
                  target + exchange.getRequestURI().toString().substring(path.length()));
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
  }

  String url(String name) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + name;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String authorization =
          Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Authorization"), "");
      seen.add(authorization);
      if (!login.test(authorization)) {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"git\"");
        exchange.sendResponseHeaders(401, -1);
        return;
      }
      backend(exchange);
    }
  }

  private void backend(HttpExchange exchange) throws IOException {
    ProcessBuilder builder = new ProcessBuilder("/usr/lib/git-core/git-http-backend");
    Map<String, String> environment = builder.environment();
    environment.put("GIT_PROJECT_ROOT", folder.toString());
    environment.put("GIT_HTTP_EXPORT_ALL", "1");
    environment.put("REQUEST_METHOD", exchange.getRequestMethod());
    environment.put("PATH_INFO", exchange.getRequestURI().getPath());
    environment.put(
        "QUERY_STRING", Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""));
    for (String name : List.of("Content-Type", "Content-Encoding", "Git-Protocol")) {
      String value = exchange.getRequestHeaders().getFirst(name);
      if (value != null) {
        String variable = name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
        environment.put(variable.startsWith("CONTENT_TYPE") ? variable : "HTTP_" + variable, value);
      }
    }
    environment.put("GIT_PROTOCOL", environment.getOrDefault("HTTP_GIT_PROTOCOL", ""));
    Process process = builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
    byte[] body = exchange.getRequestBody().readAllBytes();
    try (OutputStream in = process.getOutputStream()) {
      in.write(body);
    }
    try (InputStream out = process.getInputStream()) {
      int status = headers(out, exchange);
      exchange.sendResponseHeaders(status, 0);
      out.transferTo(exchange.getResponseBody());
    }
  }

  private static int headers(InputStream out, HttpExchange exchange) throws IOException {
    int status = 200;
    for (String line = line(out); !line.isEmpty(); line = line(out)) {
      int colon = line.indexOf(':');
      String value = line.substring(colon + 1).strip();
      if (line.startsWith("Status:")) {
        status = Integer.parseInt(value.substring(0, 3));
      } else {
        exchange.getResponseHeaders().set(line.substring(0, colon), value);
      }
    }
    return status;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
      if (c != '\r') {
        line.write(c);
      }
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
