package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.controller.auth.Credentials;
import dev.berth.controller.http.HttpSurface;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The listening socket: TLS with HTTP/1.1 and HTTP/2, and one virtual thread per request.
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int EVENT_LOOPS = 2;
  private static final int SEND_BUFFER = 256 * 1024;

  private final Vertx vertx;
  private final HttpServer server;
  private final ExecutorService requests =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());
  private final Authentication authentication;
  private final HttpSurface surface;
  private final NodeTunnels tunnels;
  private final WatchStreams watches;
  private final Set<HttpConnection> silent = ConcurrentHashMap.newKeySet();
  private final Handling handling;

  /// How requests are taken, named and told.
  ///
  /// @param ids of requests: unlike any other
  /// @param patience for the first head of a connection, and for the next bytes of a body
  public record Handling(
      AuditTrail audit, InstantSource clock, Supplier<String> ids, Duration patience) {}

  private ApiServer(
      Vertx vertx,
      HttpServer server,
      Authentication authentication,
      HttpSurface surface,
      NodeTunnels tunnels,
      WatchStreams watches,
      Handling handling) {
    this.vertx = vertx;
    this.server = server;
    this.authentication = authentication;
    this.surface = surface;
    this.tunnels = tunnels;
    this.watches = watches;
    this.handling = handling;
  }

  /// Loads what [#start] needs and no caller has to be known for; it may be left out.
  public static void prepare() {
    NettySetup.apply();
  }

  /// Returns when the socket listens.
  public static ApiServer start(
      String address,
      int port,
      Credentials credentials,
      Authentication authentication,
      HttpSurface surface,
      NodeTunnels tunnels,
      WatchStreams watches,
      Handling handling)
      throws IOException {
    NettySetup.apply();
    // A cache of files from the class path, which nobody asks for, would stay after a kill.
    FileSystemOptions files = new FileSystemOptions().setClassPathResolvingEnabled(false);
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions().setEventLoopPoolSize(EVENT_LOOPS).setFileSystemOptions(files));
    HttpServer server = vertx.createHttpServer(options(credentials));
    ApiServer api =
        new ApiServer(vertx, server, authentication, surface, tunnels, watches, handling);
    server.connectionHandler(api::connected);
    server.requestHandler(api::accept);
    try {
      await(server.listen(port, address));
      return api;
    } catch (CompletionException e) {
      await(vertx.close());
      throw new IOException(
          "cannot listen on "
              + address
              + ":"
              + port
              + ": "
              + e.getCause()
              + "; stop what uses that port or choose another",
          e.getCause());
    }
  }

  private static HttpServerOptions options(Credentials credentials) {
    return new HttpServerOptions()
        .setSsl(true)
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
        // Without it two large answers on one HTTP/2 connection stall for ever: seen with Vert.x
        // 5.2.0 when three parallel downloads were written in pieces of 64 KiB.
        .setHttp2MultiplexImplementation(true)
        .setClientAuth(ClientAuth.REQUEST)
        .setTrustOptions(TrustOptions.wrap(new AnyCertificate()))
        .setKeyCertOptions(KeyCertOptions.wrap(new ServerKey(credentials)))
        .setHandle100ContinueAutomatically(true)
        // The kernel would hold up to 4 MB for each client that stops reading.
        .setSendBufferSize(SEND_BUFFER)
        .setMaxInitialLineLength(16 * 1024)
        .setMaxHeaderSize(64 * 1024)
        .setWebSocketSubProtocols(Streams.PROTOCOLS)
        .setMaxWebSocketFrameSize(1 << 20)
        .setMaxWebSocketMessageSize(4 << 20);
  }

  /// New connections see the new certificate; open ones go on.
  ///
  /// @return done when the next client sees it
  public CompletionStage<Void> reload(Credentials credentials) {
    return server
        .updateSSLOptions(options(credentials).getSslOptions())
        .onFailure(
            e -> LOG.atError().setCause(e).log("the renewed certificate could not be loaded"))
        .<Void>mapEmpty()
        .toCompletionStage();
  }

  public int port() {
    return server.actualPort();
  }

  /// Who sends no whole head in time is not waited for; between two requests anybody may be silent.
  private void connected(HttpConnection connection) {
    SpdyUpgrades.allow(connection);
    silent.add(connection);
    vertx.setTimer(
        handling.patience().toMillis(),
        _ -> {
          if (silent.remove(connection)) {
            connection.close();
          }
        });
  }

  private void accept(HttpServerRequest request) {
    silent.remove(request.connection());
    if (tunnels.wants(request)) {
      tunnels.accept(vertx, request, authentication);
      return;
    }
    request.pause();
    VertxExchange exchange =
        new VertxExchange(
            vertx.getOrCreateContext(),
            request,
            authentication,
            handling.patience(),
            handling.clock().instant(),
            handling.ids().get());
    requests.execute(() -> handle(exchange));
  }

  private void handle(VertxExchange exchange) {
    // Who enters a container is told before anything can be done there.
    exchange.onUpgrade(() -> tell(exchange, "ResponseStarted"));
    try {
      exchange.authenticate();
      surface.handle(exchange);
    } catch (ApiException e) {
      exchange.refuse(e.error());
    } catch (IOException e) {
      LOG.atDebug().addKeyValue("path", exchange.path()).setCause(e).log("the client has gone");
      exchange.abort();
    } catch (RuntimeException | Error e) {
      LOG.atError()
          .addKeyValue("method", exchange.method())
          .addKeyValue("path", exchange.path())
          .setCause(e)
          .log("a request failed through a bug");
      exchange.refuse(new ApiError.InternalError("the server failed on this request: " + e));
    } finally {
      tell(exchange, "ResponseComplete");
    }
  }

  private void tell(VertxExchange exchange, String stage) {
    handling.audit().tell(exchange.answered(stage, handling.clock().instant()));
  }

  static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  /// Ends watches politely, gives running requests a moment, then closes every connection.
  @Override
  public void close() {
    watches.close();
    tunnels.close();
    requests.shutdown();
    try {
      if (!requests.awaitTermination(2, TimeUnit.SECONDS)) {
        requests.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    await(vertx.close());
  }
}
