package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.http.ByteSocket;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.MessageSocket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// An exchange over a Vert.x request. Made on the event loop with the request paused; everything
/// else happens on the request's own thread, which hops to the event loop for each write and waits
/// for it.
final class VertxExchange implements HttpExchange {
  private static final int LONGEST_URI = 2_048;
  private static final int LONGEST_AGENT = 256;

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Authentication authentication;
  private final Context context;
  private final BodyStream body;
  private final List<Runnable> whenGone = new ArrayList<>();
  private boolean gone;
  private final Instant received;
  private final String auditId;
  private Identity requester = Identity.ANONYMOUS;
  private Identity identity = Identity.ANONYMOUS;
  private volatile int answered;
  private String reason = "";
  private Runnable upgrading = () -> {};

  /// @param patience for the next bytes of the body
  /// @param received when the request came
  /// @param auditId what its answer carries as `Audit-Id`
  VertxExchange(
      Context context,
      HttpServerRequest request,
      Authentication authentication,
      Duration patience,
      Instant received,
      String auditId) {
    this.received = received;
    this.auditId = auditId;
    this.request = request;
    this.response = request.response();
    this.authentication = authentication;
    this.context = context;
    this.body = new BodyStream(request, context, patience);
    response.exceptionHandler(_ -> gone());
    response.closeHandler(_ -> gone());
  }

  private void gone() {
    List<Runnable> actions;
    synchronized (whenGone) {
      gone = true;
      actions = List.copyOf(whenGone);
    }
    body.end();
    actions.forEach(Runnable::run);
  }

  /// Runs just before the request leaves HTTP.
  void onUpgrade(Runnable action) {
    upgrading = action;
  }

  void authenticate() {
    requester = authentication.requester(request);
    identity = authentication.acting(requester, request);
  }

  /// What is told of the request.
  Answered answered(String stage, Instant ended) {
    return new Answered(
        stage,
        auditId,
        method(),
        shortened(path(), LONGEST_URI),
        shortened(queryString(), LONGEST_URI),
        isWatch(),
        requester,
        identity.equals(requester) ? Optional.empty() : Optional.of(identity),
        remoteAddress(),
        shortened(header("User-Agent").orElse(""), LONGEST_AGENT),
        answered,
        reason,
        received,
        ended);
  }

  private boolean isWatch() {
    try {
      return ListQueries.flag(this, "watch");
    } catch (ApiException e) {
      return false;
    }
  }

  /// Many of them may wait for the disk.
  private static String shortened(String text, int most) {
    return text.length() <= most ? text : text.substring(0, most);
  }

  @Override
  public String method() {
    return request.method().name();
  }

  @Override
  public String path() {
    return Optional.ofNullable(request.path()).orElse("/");
  }

  @Override
  public String queryString() {
    return Optional.ofNullable(request.query()).orElse("");
  }

  @Override
  public Optional<String> query(String name) {
    return Optional.ofNullable(params().get(name));
  }

  @Override
  public List<String> queryAll(String name) {
    return params().getAll(name);
  }

  /// Decoded at the first question, which fails when they are not well encoded.
  private MultiMap params() {
    try {
      return request.params();
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          new ApiError.BadRequest("the query is not well encoded: " + e.getMessage()));
    }
  }

  @Override
  public Optional<String> header(String name) {
    Optional<String> value = Optional.ofNullable(request.getHeader(name));
    // HTTP/2 has a field of its own for it (RFC 9113, 8.3.1).
    return value.isEmpty() && name.equalsIgnoreCase("Host")
        ? Optional.ofNullable(request.authority()).map(HostAndPort::toString)
        : value;
  }

  @Override
  public Set<String> headerNames() {
    return request.headers().names();
  }

  @Override
  public List<String> headerAll(String name) {
    return request.headers().getAll(name);
  }

  @Override
  public Identity identity() {
    return identity;
  }

  @Override
  public Optional<Instant> certificateEnd() {
    return Authentication.certificateEnd(request);
  }

  @Override
  public String remoteAddress() {
    return Optional.ofNullable(request.remoteAddress()).map(SocketAddress::hostAddress).orElse("");
  }

  @Override
  public InputStream body() {
    return body;
  }

  @Override
  public byte[] body(int most) throws IOException {
    byte[] bytes = body.readNBytes(most + 1);
    if (bytes.length > most) {
      throw new ApiException(
          new ApiError.TooLarge("the request body is larger than " + most + " bytes"));
    }
    return bytes;
  }

  @Override
  public void respond(int status, Map<String, String> headers, byte[] bytes) throws IOException {
    onLoop(
        () -> {
          start(status, headers);
          boolean bodiless =
              request.method().name().equals("HEAD") || status == 204 || status == 304;
          return bodiless ? response.end() : response.end(Buffer.buffer(bytes));
        });
    body.discard();
  }

  @Override
  public OutputStream stream(int status, Map<String, String> headers) throws IOException {
    onLoop(
        () -> {
          start(status, headers);
          if (!headers.containsKey("Content-Length")) {
            response.setChunked(true);
          }
          return response.writeHead();
        });
    return new ResponseStream();
  }

  @Override
  public boolean isWebSocket() {
    return header("Upgrade").map("websocket"::equalsIgnoreCase).orElse(false);
  }

  @Override
  public MessageSocket webSocket() throws IOException {
    answered = 101;
    upgrading.run();
    return onLoop(() -> request.toWebSocket().map(socket -> new VertxSocket(socket, context)));
  }

  @Override
  public ByteSocket upgrade(String protocol, Map<String, String> headers) throws IOException {
    answered = 101;
    upgrading.run();
    return onLoop(
        () -> {
          start(101, headers);
          response.putHeader("Connection", "Upgrade").putHeader("Upgrade", protocol);
          return request.toNetSocket().map(socket -> new VertxByteSocket(socket, context));
        });
  }

  private void start(int status, Map<String, String> headers) {
    answered = status;
    response.setStatusCode(status).putHeader("Audit-Id", auditId);
    headers.forEach(response::putHeader);
  }

  @Override
  public void onGone(Runnable action) {
    boolean now;
    synchronized (whenGone) {
      whenGone.add(action);
      now = gone;
    }
    if (now) {
      action.run();
    }
  }

  /// Answers with the error where no answer was begun; otherwise the client must see a broken one.
  void refuse(ApiError error) {
    reason = error.reason();
    if (response.headWritten()) {
      abort();
      return;
    }
    try {
      respond(error.code(), ErrorHeaders.of(error, isByPage()), Json.bytes(error.toStatus()));
      if (body.isLate()) {
        context.runOnContext(_ -> request.connection().close());
      }
    } catch (IOException e) {
      abort();
    }
  }

  /// Browsers always say how a page asked; older ones do not, but they load the dashboard.
  private boolean isByPage() {
    return header("Sec-Fetch-Mode").isPresent() || path().startsWith("/ui/");
  }

  void abort() {
    context.runOnContext(_ -> response.reset());
  }

  private <T> T onLoop(Supplier<Future<T>> action) throws IOException {
    return done(later(action));
  }

  private <T> Future<T> later(Supplier<Future<T>> action) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        _ -> {
          try {
            action.get().onComplete(promise);
          } catch (RuntimeException e) {
            promise.fail(e);
          }
        });
    return promise.future();
  }

  private static <T> T done(Future<T> action) throws IOException {
    try {
      return ApiServer.await(action);
    } catch (CompletionException e) {
      throw new IOException("the client has gone: " + e.getCause(), e);
    }
  }

  /// Collects up to 16 KiB, so that a list of small objects is not many small packets, and lets one
  /// such part be on its way while the next is filled: neither thread waits for the other. Never
  /// more: a thousand clients that stopped reading at a large object hold 32 KiB of it each.
  private final class ResponseStream extends OutputStream {
    private static final int FULL = 16 * 1024;
    private Buffer pending = Buffer.buffer();
    private Future<Void> sending = Future.succeededFuture();
    private boolean closed;

    @Override
    public void write(int b) throws IOException {
      pending.appendByte((byte) b);
      if (pending.length() == FULL) {
        flush();
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int at = offset; at < offset + length; ) {
        int part = Math.min(FULL - pending.length(), offset + length - at);
        pending.appendBytes(bytes, at, part);
        at += part;
        if (pending.length() == FULL) {
          flush();
        }
      }
    }

    /// Returns when what was flushed before has been taken, which a slow client delays.
    @Override
    public void flush() throws IOException {
      if (pending.length() > 0) {
        done(sending);
        Buffer full = pending;
        pending = Buffer.buffer();
        sending = later(() -> response.write(full));
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        flush();
        done(sending);
        onLoop(response::end);
        body.discard();
      }
    }
  }
}
