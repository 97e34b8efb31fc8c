package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Questions to servers that answer in odd ways.
class ProberTest {
  private static Outcome ask(String address, int port) {
    String probe =
        "{\"httpGet\":{\"path\":\"/\",\"port\":%d},\"timeoutSeconds\":600}".formatted(port);
    ProbeTarget target =
        new ProbeTarget(address, 1, (_, _) -> new ProbeTarget.Result(0, ""), () -> false);
    return new Prober()
        .ask(Probe.read(Json.parseObject(probe), Json.object()).orElseThrow(), target);
  }

  /// A hook may have ten minutes, and some dozen such servers would take all threads.
  @Test
  void anAnswerWithoutEndIsNotRead() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    CompletableFuture<Boolean> hungUp = new CompletableFuture<>();
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          try (OutputStream out = exchange.getResponseBody()) {
            while (!hungUp.isDone()) {
              out.write(new byte[8192]);
            }
          } catch (IOException e) {
            hungUp.complete(true);
          }
        });
    server.start();
    try {
      assertEquals(Outcome.good(), ask("127.0.0.1", server.getAddress().getPort()));
      assertTrue(hungUp.get(20, TimeUnit.SECONDS));
    } finally {
      hungUp.complete(false);
      server.stop(0);
    }
  }

  /// The host's own servers are not asked in a pod's stead.
  @Test
  void aPodWithoutNetworkIsNotAsked() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    try {
      assertEquals("the pod has no network", ask("", server.getAddress().getPort()).message());
    } finally {
      server.stop(0);
    }
  }
}
