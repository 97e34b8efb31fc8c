package dev.berth.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// A kubeconfig as it was read once, and the connections that are made with it.
record Session(Kubeconfig config, SSLContext sslContext, HttpClient http) {
  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  static Session open(Kubeconfig config) {
    SSLContext ssl =
        Tls.context(config.certificateAuthority(), config.clientCertificate(), config.clientKey());
    HttpClient http =
        HttpClient.newBuilder()
            .sslContext(ssl)
            .connectTimeout(CONNECT_TIMEOUT)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("api-client-", 0).factory()))
            .build();
    return new Session(config, ssl, http);
  }

  URI uri(String path) {
    String base = config.server().toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  HttpRequest.Builder request(
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

  HttpResponse<InputStream> send(HttpRequest request) throws IOException, InterruptedException {
    return http.send(request, BodyHandlers.ofInputStream());
  }

  /// Throws what `join` throws.
  WebSocket webSocket(String path, List<String> subprotocols, WebSocket.Listener listener) {
    URI target = uri(path);
    String scheme = "https".equals(target.getScheme()) ? "wss" : "ws";
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
    config.token().ifPresent(token -> builder.header("Authorization", "Bearer " + token));
    if (!subprotocols.isEmpty()) {
      List<String> lesser = subprotocols.subList(1, subprotocols.size());
      builder.subprotocols(subprotocols.getFirst(), lesser.toArray(String[]::new));
    }
    return builder
        .buildAsync(
            URI.create(scheme + target.toString().substring(target.getScheme().length())), listener)
        .join();
  }

  /// True where the server has certainly not acted on the request: there was no connection, or it
  /// did not let us in.
  static boolean neverArrived(Throwable failure) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      boolean refused =
          t instanceof WebSocketHandshakeException h && h.getResponse().statusCode() == 401;
      if (refused || t instanceof SSLException || t instanceof ConnectException) {
        return true;
      }
    }
    return false;
  }

  /// May be sent twice even if the server has acted on it. One that wants a certificate says so
  /// only behind the handshake (TLS 1.3), and what it says may be overtaken by the end of the
  /// connection: then nothing tells a refusal from a fault.
  static boolean onlyReads(HttpRequest request) {
    return request.method().equals("GET") || request.method().equals("HEAD");
  }

  /// A body that streams from somewhere may be gone after the first time.
  static boolean isRepeatable(HttpRequest request) {
    return request.bodyPublisher().map(body -> body.contentLength() >= 0).orElse(true);
  }
}
