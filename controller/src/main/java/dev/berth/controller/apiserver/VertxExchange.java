package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.http.HttpExchange;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/// An exchange over a Vert.x request. Made on the event loop with the request paused; everything
/// else happens on the request's own thread, which hops to the event loop for each write and waits
/// for it.
final class VertxExchange implements HttpExchange {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Authentication authentication;
  private final Context context;
  private final BodyStream body;
  private final List<Runnable> whenGone = new ArrayList<>();
  private boolean gone;
  private Identity identity = Identity.ANONYMOUS;

  VertxExchange(Context context, HttpServerRequest request, Authentication authentication) {
    this.request = request;
    this.response = request.response();
    this.authentication = authentication;
    this.context = context;
    this.body = new BodyStream(request, context);
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

  void authenticate() {
    identity = authentication.of(request);
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
    return Optional.ofNullable(request.getParam(name));
  }

  @Override
  public List<String> queryAll(String name) {
    return request.params().getAll(name);
  }

  @Override
  public Optional<String> header(String name) {
    return Optional.ofNullable(request.getHeader(name));
  }

  @Override
  public Identity identity() {
    return identity;
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

  private void start(int status, Map<String, String> headers) {
    response.setStatusCode(status);
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
    if (response.headWritten()) {
      abort();
      return;
    }
    try {
      respond(error.code(), ErrorHeaders.of(error), Json.bytes(error.toStatus()));
    } catch (IOException e) {
      abort();
    }
  }

  void abort() {
    context.runOnContext(_ -> response.reset());
  }

  private <T> void onLoop(Supplier<Future<T>> action) throws IOException {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        _ -> {
          try {
            action.get().onComplete(promise);
          } catch (RuntimeException e) {
            promise.fail(e);
          }
        });
    try {
      ApiServer.await(promise.future());
    } catch (CompletionException e) {
      throw new IOException("the client has gone: " + e.getCause(), e);
    }
  }

  /// Collects up to 32 KiB, so that a list of small objects is not many small packets.
  private final class ResponseStream extends OutputStream {
    private static final int FULL = 32 * 1024;
    private Buffer pending = Buffer.buffer();
    private boolean closed;

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      pending.appendBytes(bytes, offset, length);
      if (pending.length() >= FULL) {
        flush();
      }
    }

    @Override
    public void flush() throws IOException {
      if (pending.length() > 0) {
        Buffer full = pending;
        pending = Buffer.buffer();
        onLoop(() -> response.write(full));
      }
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        flush();
        onLoop(response::end);
        body.discard();
      }
    }
  }
}
