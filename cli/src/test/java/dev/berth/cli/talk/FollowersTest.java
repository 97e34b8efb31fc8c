package dev.berth.cli.talk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Json;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class FollowersTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final CountDownLatch printed = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);

  private final OutputStream heard =
      new OutputStream() {
        @Override
        public void write(int b) {
          out.write(b);
        }

        @Override
        public void flush() {
          if (out.size() > 0) {
            printed.countDown();
          }
        }
      };

  /// A container that says a word, and another once nobody listens any more.
  private void say(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      body.write("one\n".getBytes(StandardCharsets.UTF_8));
      body.flush();
      closed.await();
      body.write("two\n".getBytes(StandardCharsets.UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      over.countDown();
    }
  }

  @Test
  void whatIsClosedPrintsNothingMore() throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::say);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        ApiClient client = client(server)) {
      server.setExecutor(threads);
      server.start();
      Terminal terminal =
          Terminal.of(heard, OutputStream.nullOutputStream(), Map.of(), new Properties());
      Followers followers =
          new Followers(
              client, new LinePrinter(terminal, false), new PodLog.Wanted(true, false, 0, ""));
      followers.added(
          Json.parseObject(
              """
              {"metadata": {"name": "web", "namespace": "shop"}, "status": {"containerStatuses": [
                {"name": "c", "containerID": "berth://1", "state": {"running": {}}}]}}"""));
      printed.await();

      followers.close();

      closed.countDown();
      over.await();
    } finally {
      server.stop(0);
    }
    assertEquals("one\n", out.toString(StandardCharsets.UTF_8));
  }

  private static ApiClient client(HttpServer server) {
    return ApiClient.of(
        new Kubeconfig(
            URI.create("http://127.0.0.1:" + server.getAddress().getPort()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.of("t"),
            "default"),
        new Random(1));
  }
}
