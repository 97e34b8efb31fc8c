package dev.berth.agent.endpoint;

import dev.berth.api.Json;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The model endpoints of this host: one port each on the bridge's address, to which the service's
/// own address leads. The port never changes while the endpoint lives, so the kernel is not
/// reprogrammed when replicas come and go.
public final class Gateway implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Gateway.class);
  static final String RETRY_SECONDS = "1";
  private static final long SWEEP_MILLIS = 100;
  private static final long CANCEL = 8; // HTTP/2's code for it; HTTP/1 closes the connection
  private static final int CLIENT_LEFT = 499;
  private static final long PENALTY_NANOS = 1_000_000_000L;

  private final Vertx vertx;
  private final String address;
  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Supplier<String> ids;
  private final Metrics metrics;
  private final Traffic traffic;
  private final Relay relay;
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final Map<String, HttpServer> servers = new HashMap<>();
  private volatile Callers callers = Callers.NONE;
  private volatile Map<String, Integer> ports = Map.of();

  /// Listens for nothing yet: [#apply] opens a port for each endpoint.
  ///
  /// @param address where to listen: the bridge's
  /// @param clock of the host, for figures that are told to others; spans are measured by `nanos`
  public Gateway(
      Vertx vertx,
      String address,
      MeterRegistry registry,
      InstantSource clock,
      LongSupplier nanos,
      RandomGenerator random,
      Supplier<String> ids) {
    this.vertx = vertx;
    this.address = address;
    this.nanos = nanos;
    this.random = random;
    this.ids = ids;
    this.traffic = new Traffic(clock);
    this.metrics = new Metrics(registry, traffic);
    this.relay = new Relay(vertx);
    vertx.setPeriodic(SWEEP_MILLIS, _ -> endpoints.values().forEach(Endpoint::sweep));
  }

  Relay relay() {
    return relay;
  }

  public void callers(Callers now) {
    callers = now;
  }

  /// Replaces the table. When it returns every endpoint in it listens.
  public synchronized void apply(Map<String, EndpointConfig> wanted) {
    wanted.forEach(
        (key, config) -> {
          Endpoint known = endpoints.get(key);
          if (known != null) {
            known.update(config);
          } else {
            open(key, config);
          }
        });
    Set<String> gone = new HashSet<>(endpoints.keySet());
    gone.removeAll(wanted.keySet());
    gone.forEach(
        key -> {
          endpoints.remove(key);
          HttpServer server = servers.remove(key);
          if (server != null) {
            server.close();
          }
        });
    Map<String, Integer> now = new HashMap<>();
    servers.forEach((key, server) -> now.put(key, server.actualPort()));
    ports = Map.copyOf(now);
  }

  private void open(String key, EndpointConfig config) {
    Endpoint endpoint = new Endpoint(config, nanos, random);
    HttpServer server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setMaxHeaderSize(64 * 1024)
                .setHandle100ContinueAutomatically(true));
    server.requestHandler(request -> new Exchange(endpoint, request).serve());
    try {
      server.listen(0, address).toCompletionStage().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    } catch (ExecutionException e) {
      log.atError().addKeyValue("endpoint", key).setCause(e).log("cannot listen for an endpoint");
      return;
    }
    metrics.watch(endpoint);
    endpoints.put(key, endpoint);
    servers.put(key, server);
  }

  /// `namespace/service` to the port that answers for it on the bridge's address.
  public Map<String, Integer> ports() {
    return ports;
  }

  Optional<Endpoint> endpoint(String namespace, String modelApp) {
    return endpoints.values().stream()
        .filter(
            e -> e.config().namespace().equals(namespace) && e.config().modelApp().equals(modelApp))
        .findFirst();
  }

  Collection<Endpoint> endpoints() {
    return endpoints.values();
  }

  Traffic traffic() {
    return traffic;
  }

  Metrics metrics() {
    return metrics;
  }

  long now() {
    return nanos.getAsLong();
  }

  String id() {
    return ids.get();
  }

  /// One request through the gateway.
  private final class Exchange {
    private final Endpoint endpoint;
    private final EndpointConfig config;
    private final HttpServerRequest in;
    private final String id;
    private final long start = nanos.getAsLong();
    private volatile boolean left;
    private volatile @Nullable HttpClientRequest far;

    Exchange(Endpoint endpoint, HttpServerRequest in) {
      this.endpoint = endpoint;
      this.config = endpoint.config();
      this.in = in;
      String given = in.getHeader("berth-request-id");
      this.id = given == null || given.length() > 128 ? ids.get() : given;
    }

    void serve() {
      String from = in.remoteAddress().hostAddress();
      if (!callers.mayCall(from, config)) {
        refuse(
            403,
            "access",
            callers.describe(from)
                + " may not call "
                + config.service()
                + ": only the app of ModelApp "
                + config.namespace()
                + "/"
                + config.modelApp()
                + " may");
        return;
      }
      in.pause();
      var context = vertx.getOrCreateContext();
      CompletableFuture<Replica> line = endpoint.acquire();
      in.response().closeHandler(_ -> leave(line));
      var _ =
          line.whenComplete(
              (replica, failure) ->
                  context.runOnContext(
                      _ -> {
                        if (left) {
                          gone(replica);
                        } else if (failure != null) {
                          failed(failure);
                        } else {
                          forward(replica);
                        }
                      }));
    }

    /// The client went away: its place in line is free, and the model need not go on.
    private void leave(CompletableFuture<Replica> line) {
      left = true;
      endpoint.leave(line);
      HttpClientRequest open = far;
      if (open != null) {
        open.reset(CANCEL);
      }
    }

    private void gone(@Nullable Replica replica) {
      if (replica != null) {
        endpoint.release(replica, 0);
      }
      metrics.request(config, "", CLIENT_LEFT, "client-left", nanos.getAsLong() - start);
    }

    private void opened(HttpClientRequest out) {
      far = out;
      if (left) {
        out.reset(CANCEL);
      }
    }

    private Duration left(long waited) {
      Duration left = config.timeout().minusNanos(waited);
      return left.toMillis() < 1 ? Duration.ofMillis(1) : left;
    }

    private void forward(Replica replica) {
      long sent = nanos.getAsLong();
      String revision = replica.address.revision();
      metrics.queued(config, revision, sent - start);
      long[] first = {0};
      relay
          .pass(
              in,
              hostHeader(),
              replica.address.port(),
              replica.address.address(),
              left(sent - start),
              headers -> headers.set("berth-request-id", id),
              this::opened,
              out -> {
                first[0] = nanos.getAsLong();
                head(out, revision, sent - start, first[0] - sent);
              })
          .onComplete(
              done -> {
                long took = (first[0] == 0 ? nanos.getAsLong() : first[0]) - sent;
                boolean bad =
                    !left && (done.failed() || done.result() >= 500 || done.result() == 429);
                endpoint.release(replica, bad ? Math.max(took, PENALTY_NANOS) : took);
                if (done.succeeded()) {
                  metrics.request(config, revision, done.result(), "", nanos.getAsLong() - start);
                } else if (left) {
                  metrics.request(
                      config, revision, CLIENT_LEFT, "client-left", nanos.getAsLong() - start);
                } else {
                  failed(done.cause());
                }
              });
    }

    private String hostHeader() {
      return in.authority() == null ? config.service() : in.authority().toString();
    }

    private void head(HttpServerResponse out, String revision, long queued, long model) {
      out.putHeader("berth-revision", revision).putHeader("berth-request-id", id);
      if (!config.version().isEmpty()) {
        out.putHeader("berth-model-version", config.version());
      }
      String path = in.path() == null ? "" : in.path();
      WrongPath.hint(config, path, out.getStatusCode())
          .ifPresent(
              hint -> out.putHeader("berth-reason", "wrong-path").putHeader("berth-hint", hint));
      out.putHeader(
          "server-timing", "queue;dur=" + millis(queued) + ", model;dur=" + millis(model));
    }

    private String millis(long time) {
      return String.format(java.util.Locale.ROOT, "%.1f", time / 1e6);
    }

    private void failed(Throwable failure) {
      Throwable cause =
          failure instanceof CompletionException && failure.getCause() != null
              ? failure.getCause()
              : failure;
      switch (cause) {
        case Endpoint.Refused r when r.refusal == Endpoint.Refusal.QUEUE_FULL ->
            refuse(
                503,
                "queue-full",
                "every replica of " + config.service() + " is busy and the queue is full");
        case Endpoint.Refused r when r.refusal == Endpoint.Refusal.QUEUE_TIMEOUT ->
            refuse(503, "queue-timeout", "no replica of " + config.service() + " was free in time");
        case Endpoint.Refused _ ->
            refuse(503, "no-ready-replica", config.service() + " has no ready replica");
        case Relay.TimedOut _ ->
            refuse(
                504,
                "timeout",
                config.service() + " did not answer within " + config.timeout().toMillis() + " ms");
        default ->
            refuse(
                503,
                "no-ready-replica",
                "the replica of "
                    + config.service()
                    + " broke the connection: "
                    + cause.getMessage());
      }
    }

    private void refuse(int status, String reason, String message) {
      metrics.request(config, "", status, reason, nanos.getAsLong() - start);
      HttpServerResponse out = in.response();
      if (out.headWritten()) {
        out.reset();
        return;
      }
      in.resume();
      out.headers().clear();
      out.setStatusCode(status)
          .putHeader("content-type", "application/json")
          .putHeader("berth-reason", reason)
          .putHeader("berth-request-id", id);
      if (status == 503) {
        out.putHeader("retry-after", RETRY_SECONDS);
      }
      out.end(Json.string(Json.object().put("error", message)));
    }
  }

  @Override
  public synchronized void close() {
    servers.values().forEach(HttpServer::close);
    servers.clear();
    endpoints.clear();
  }
}
