package dev.berth.bench;

import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import dev.berth.client.Kubeconfig;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;

/// A controller of its own, as `berth controller` starts it, and a service account in it that may
/// do what is measured and no more: each request passes TLS, the token's check and RBAC.
final class BerthServer implements AutoCloseable {
  static final String NAMESPACE = "bench";

  private static final long READY_SECONDS = 60;
  private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

  private final Server server;
  private final int port;
  private final ApiClient admin;
  private final SSLContext tls;
  private final String token;

  private BerthServer(Server server, int port, Kubeconfig kubeconfig) {
    this.server = server;
    this.port = port;
    this.admin = ApiClient.of(kubeconfig, new SplittableRandom(port));
    awaitTrue(() -> succeeds("GET", "/readyz", ""));
    Kubeconfig bare =
        new Kubeconfig(
            kubeconfig.server(),
            kubeconfig.certificateAuthority(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            NAMESPACE);
    try (ApiClient anonymous = ApiClient.of(bare, new SplittableRandom(port))) {
      tls = anonymous.sslContext();
    }
    token = account();
  }

  /// Returns when it answers.
  ///
  /// @param launcher `deploy/bin/berth`
  /// @param directory for its data: the disk that is measured
  static BerthServer start(Path launcher, Path directory) throws IOException, InterruptedException {
    int port = Server.freePort();
    Path data = Files.createDirectories(directory.resolve("data"));
    Server server =
        Server.start(
            List.of(
                launcher.toString(),
                "controller",
                "--data-dir=" + data,
                "--run-dir=" + directory.resolve("run"),
                "--bind-address=127.0.0.1",
                "--port=" + port,
                "--ingress-port=" + Server.freePort()),
            directory.resolve("berth.log"));
    try {
      Path kubeconfig = data.resolve("admin.kubeconfig");
      awaitTrue(() -> Files.exists(kubeconfig) || !server.isAlive());
      BerthServer berth = new BerthServer(server, port, Kubeconfig.read(kubeconfig));
      StartCaches.await(launcher);
      return berth;
    } catch (RuntimeException e) {
      server.close();
      throw new IOException("berth did not start; see " + directory.resolve("berth.log"), e);
    }
  }

  private static void awaitTrue(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
    try {
      while (!condition.getAsBoolean()) {
        if (System.nanoTime() > until) {
          throw new IllegalStateException("not ready after " + READY_SECONDS + " s");
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private boolean succeeds(String method, String path, String body) {
    try {
      admin(method, path, body);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }

  private String account() {
    post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"bench\"}}");
    post(in("/api/v1", "serviceaccounts"), "{\"metadata\":{\"name\":\"bench\"}}");
    String rbac = "/apis/rbac.authorization.k8s.io/v1";
    post(
        in(rbac, "roles"),
        """
        {"metadata":{"name":"bench"},
         "rules":[{"apiGroups":[""],"resources":["configmaps","pods"],"verbs":["*"]}]}
        """);
    post(
        in(rbac, "rolebindings"),
        """
        {"metadata":{"name":"bench"},
         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"Role","name":"bench"},
         "subjects":[{"kind":"ServiceAccount","name":"bench","namespace":"bench"}]}
        """);
    byte[] answer =
        post(in("/api/v1", "serviceaccounts/bench/token"), "{\"spec\":{\"audiences\":[]}}");
    return Json.text(Json.parseObject(answer), "status", "token");
  }

  /// The path of a namespaced kind, in the namespace of the measurements.
  static String in(String version, String resource) {
    return version + "/namespaces/" + NAMESPACE + "/" + resource;
  }

  /// The revision to watch from, to see what changes after now.
  String resourceVersion(String path) {
    return Json.text(
        Json.parseObject(admin("GET", path + "?limit=1", "")), "metadata", "resourceVersion");
  }

  private byte[] post(String path, String body) {
    return admin("POST", path, body);
  }

  private byte[] admin(String method, String path, String body) {
    HttpResponse<InputStream> answer =
        admin.raw(
            method,
            path,
            JSON,
            body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    try (InputStream in = answer.body()) {
      byte[] bytes = in.readAllBytes();
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(
            method + " " + path + ": " + new String(bytes, StandardCharsets.UTF_8));
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A connection of its own, as the service account.
  ApiLine line() throws IOException {
    return ApiLine.open(tls, port, token);
  }

  Server process() {
    return server;
  }

  @Override
  public void close() {
    admin.close();
    server.close();
  }
}
