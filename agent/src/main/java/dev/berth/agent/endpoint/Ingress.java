package dev.berth.agent.endpoint;

import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.random.RandomGenerator;

/// Brings people to apps by the Host header. An unknown host gets a page that lists the known ones.
public final class Ingress implements AutoCloseable {
  private final HttpServer server;
  private final Relay relay;
  private final RandomGenerator random;
  private volatile List<IngressRoute> routes = List.of();

  public Ingress(Vertx vertx, String address, int port, RandomGenerator random) {
    this.relay = new Relay(vertx);
    this.random = random;
    this.server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setMaxHeaderSize(64 * 1024)
                .setHandle100ContinueAutomatically(true));
    server.requestHandler(this::serve);
    try {
      server.listen(port, address).toCompletionStage().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      String why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IllegalStateException(
          "cannot listen on "
              + address
              + ":"
              + port
              + " for the ingress: "
              + why
              + "; choose another with --ingress-port",
          e);
    }
  }

  public int port() {
    return server.actualPort();
  }

  public void apply(List<IngressRoute> wanted) {
    routes = wanted;
  }

  private void serve(HttpServerRequest in) {
    String host = in.authority() == null ? "" : in.authority().host().toLowerCase(Locale.ROOT);
    String authority = in.authority() == null ? host : in.authority().toString();
    String path = in.path() == null ? "/" : in.path();
    Optional<IngressRoute> route = routes.stream().filter(r -> r.matches(host, path)).findFirst();
    if (route.isEmpty()) {
      unknown(in, host);
      return;
    }
    List<ReplicaAddress> targets = route.get().targets();
    if (targets.isEmpty()) {
      refuse(
          in,
          503,
          "no-ready-replica",
          "The app of " + route.get().modelApp() + " is not ready yet.");
      return;
    }
    ReplicaAddress target = targets.get(random.nextInt(targets.size()));
    String from = in.remoteAddress().hostAddress();
    relay
        .pass(
            in,
            authority,
            target.port(),
            target.address(),
            Duration.ZERO,
            headers -> {
              headers.add("x-forwarded-for", from);
              headers
                  .set("x-forwarded-proto", in.isSSL() ? "https" : "http")
                  .set("x-forwarded-host", authority);
            },
            _ -> {},
            _ -> {})
        .onFailure(
            e ->
                refuse(
                    in,
                    502,
                    "no-ready-replica",
                    "The app of " + route.get().modelApp() + " broke the connection."));
  }

  private void unknown(HttpServerRequest in, String host) {
    StringBuilder page =
        new StringBuilder(
            "<!doctype html><meta charset=utf-8><title>Berth</title><h1>No app here</h1><p>Nothing"
                + " answers for <b>"
                + escape(host)
                + "</b> at this path.</p>");
    page.append(
        routes.isEmpty() ? "<p>No ModelApp has an ingress yet.</p>" : "<p>These do:</p><ul>");
    int port = in.authority() == null ? -1 : in.authority().port();
    for (IngressRoute r : routes) {
      String url = "http://" + r.host() + (port > 0 ? ":" + port : "") + r.path();
      page.append("<li><a href=\"")
          .append(escape(url))
          .append("\">")
          .append(escape(url))
          .append("</a> (")
          .append(escape(r.namespace() + "/" + r.modelApp()))
          .append(")");
    }
    in.response()
        .setStatusCode(404)
        .putHeader("content-type", "text/html; charset=utf-8")
        .putHeader("berth-reason", "unknown-host")
        .end(page + "\n");
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private static void refuse(HttpServerRequest in, int status, String reason, String message) {
    HttpServerResponse out = in.response();
    if (out.headWritten()) {
      out.reset();
      return;
    }
    in.resume();
    out.setStatusCode(status)
        .putHeader("content-type", "text/plain; charset=utf-8")
        .putHeader("berth-reason", reason)
        .end(message + "\n");
  }

  @Override
  public void close() {
    server.close();
  }
}
