package dev.berth.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.agent.volume.MissingReferenceException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.Reason;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// A server that takes its time to list services.
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test has its own server
class KnownServicesTest {
  @TempDir Path dir;
  private final CountDownLatch listed = new CountDownLatch(1);
  private final CountDownLatch over = new CountDownLatch(1);
  private HttpServer server;
  private ApiClient client;
  private Informer informer;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
    Path kubeconfig =
        Files.writeString(
            dir.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: c
            contexts: [{name: c, context: {cluster: c, user: c}}]
            clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
            users: [{name: c, user: {}}]
            """
                .formatted(server.getAddress().getPort()));
    client = ApiClient.fromKubeconfig(kubeconfig);
    informer =
        Informer.of(
            client,
            Kinds.SERVICE,
            null,
            LabelSelector.EVERYTHING,
            FieldSelector.EVERYTHING,
            new Deaf());
  }

  @AfterEach
  void stop() {
    over.countDown();
    listed.countDown();
    informer.close();
    client.close();
    server.stop(0);
  }

  private static final class Deaf implements Informer.Handler {
    @Override
    public void added(ObjectNode object) {}

    @Override
    public void updated(ObjectNode old, ObjectNode object) {}

    @Override
    public void deleted(ObjectNode last) {}
  }

  private void answer(HttpExchange exchange) throws IOException {
    boolean watch = String.valueOf(exchange.getRequestURI().getQuery()).contains("watch=");
    try (exchange) {
      (watch ? over : listed).await();
      byte[] list =
          """
          {"kind": "ServiceList", "apiVersion": "v1", "metadata": {"resourceVersion": "7"},
           "items": [{"metadata": {"name": "kubernetes", "namespace": "default",
                                   "uid": "1", "resourceVersion": "5"}}]}"""
              .getBytes(UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/json");
      exchange.sendResponseHeaders(200, list.length);
      exchange.getResponseBody().write(list);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aContainerDoesNotBeginBeforeTheyAreListed() {
    MissingReferenceException late =
        assertThrows(
            MissingReferenceException.class,
            new KnownServices(informer, Duration.ofMillis(1))::all);
    assertEquals(Reason.START_FAILED, late.reason());
    assertEquals("the services are not listed yet", late.getMessage());

    listed.countDown();
    List<ObjectNode> all = new KnownServices(informer, Duration.ofSeconds(30)).all();
    assertEquals(List.of("kubernetes"), all.stream().map(Json::name).toList());
  }

  @Test
  void whoIsInterruptedDoesNotBeginEither() {
    Thread.currentThread().interrupt();
    assertThrows(
        MissingReferenceException.class, new KnownServices(informer, Duration.ofSeconds(30))::all);
    assertEquals(true, Thread.interrupted(), "the worker hears of it");
  }
}
