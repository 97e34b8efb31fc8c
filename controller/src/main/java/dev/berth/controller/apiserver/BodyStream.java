package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A request body for a blocking reader. At most a few buffers are in flight: the next is fetched
/// when one was taken, so an upload is as slow as the disk behind it and no faster.
final class BodyStream extends InputStream {
  private static final int IN_FLIGHT = 8;

  private final HttpServerRequest request;
  private final Context context;
  private final Duration patience;
  private final BlockingQueue<Optional<Buffer>> arrived = new LinkedBlockingQueue<>();
  private Buffer current = Buffer.buffer();
  private int position;
  private boolean begun;
  private boolean ended;
  private volatile boolean broken;
  private boolean late;

  /// @param patience for the next bytes of a body that has not ended
  BodyStream(HttpServerRequest request, Context context, Duration patience) {
    this.patience = patience;
    this.request = request;
    this.context = context;
    request.handler(buffer -> arrived.add(Optional.of(buffer)));
    request.endHandler(_ -> arrived.add(Optional.empty()));
    request.exceptionHandler(
        _ -> {
          broken = true;
          arrived.add(Optional.empty());
        });
    // A request that was read to its end cannot become a WebSocket any more.
    if (request.getHeader("Upgrade") == null) {
      request.fetch(IN_FLIGHT);
      begun = true;
    }
  }

  /// The connection has closed: whoever reads must not wait for more, nor take a part for all.
  void end() {
    if (!request.isEnded()) {
      broken = true;
    }
    arrived.add(Optional.empty());
  }

  /// Whether the client was given up in the middle: its connection is of no use any more.
  boolean isLate() {
    return late;
  }

  /// Lets the rest arrive and forgets it, so that the connection can carry the next request.
  void discard() {
    context.runOnContext(
        _ -> {
          if (!request.isEnded()) {
            request.handler(_ -> {});
            request.resume();
          }
        });
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended && position == current.length()) {
      next();
    }
    if (ended) {
      return -1;
    }
    int n = Math.min(length, current.length() - position);
    current.getBytes(position, position + n, target, offset);
    position += n;
    return n;
  }

  private void next() throws IOException {
    if (!begun) {
      begun = true;
      context.runOnContext(_ -> request.fetch(IN_FLIGHT));
    }
    Optional<Buffer> arrival = arrival();
    position = 0;
    current = arrival.orElseGet(Buffer::buffer);
    if (arrival.isEmpty()) {
      ended = true;
      if (broken) {
        throw new IOException("the client stopped in the middle of its request body");
      }
    } else {
      context.runOnContext(
          _ -> {
            if (!request.isEnded()) {
              request.fetch(1);
            }
          });
    }
  }

  private Optional<Buffer> arrival() throws IOException {
    try {
      return Optional.ofNullable(arrived.poll(patience.toMillis(), TimeUnit.MILLISECONDS))
          .orElseThrow(this::tooLate);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading a request body", e);
    }
  }

  private ApiException tooLate() {
    late = true;
    return new ApiException(
        new ApiError.Timeout(
            "nothing came of the request's body for " + patience.toSeconds() + " s: it is given up",
            List.of()));
  }
}
