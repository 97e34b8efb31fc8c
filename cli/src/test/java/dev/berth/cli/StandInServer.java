package dev.berth.cli;

import com.sun.net.httpserver.HttpServer;
import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/// A server on loopback that says what a test tells it to, whatever is asked, and a client of it.
public final class StandInServer implements AutoCloseable {
  private final HttpServer server;
  private final ApiClient client;

  /// One answer: a status and a body.
  public record Says(int status, String body) {}

  /// @param next called for each question
  public StandInServer(Supplier<Says> next) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          Says says = next.get();
          byte[] body = says.body().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(says.status(), body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    client =
        ApiClient.of(
            new Kubeconfig(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("t"),
                "default"),
            new Random(1));
  }

  public ApiClient client() {
    return client;
  }

  @Override
  public void close() {
    client.close();
    server.stop(0);
  }
}
