package dev.berth.hardening.input;

import dev.berth.api.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import tools.jackson.databind.node.ObjectNode;

/// The server as an administrator reaches it, over connections that are kept.
final class Api implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String JSON = "application/json";

  private final URI server;
  private final HttpClient http;

  /// @param tls with the administrator's certificate
  Api(URI server, SSLContext tls) {
    this.server = server;
    this.http =
        HttpClient.newBuilder().sslContext(tls).version(HttpClient.Version.HTTP_1_1).build();
  }

  private HttpRequest request(Sent sent) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + sent.target()))
            .timeout(PATIENCE)
            .method(sent.method(), BodyPublishers.ofByteArray(sent.body()));
    sent.headers().forEach(request::header);
    return request.build();
  }

  /// Fails when there is no answer within a minute.
  HttpResponse<byte[]> send(Sent sent) throws IOException, InterruptedException {
    return http.send(request(sent), BodyHandlers.ofByteArray());
  }

  /// For what is answered late, such as a watch.
  CompletableFuture<HttpResponse<byte[]>> sendLater(Sent sent) {
    return http.sendAsync(request(sent), BodyHandlers.ofByteArray());
  }

  /// Empty for whatever is not 200.
  Optional<ObjectNode> get(String target) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + target))
            .timeout(PATIENCE)
            .header("Accept", JSON)
            .build();
    HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
    return answer.statusCode() == 200
        ? Optional.of(Json.parseObject(answer.body()))
        : Optional.empty();
  }

  /// The answer, whatever it is.
  ObjectNode post(String target, ObjectNode object) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server + target))
            .timeout(PATIENCE)
            .header("Content-Type", JSON)
            .POST(BodyPublishers.ofByteArray(Json.bytes(object)))
            .build();
    return Json.parseObject(http.send(request, BodyHandlers.ofByteArray()).body());
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
