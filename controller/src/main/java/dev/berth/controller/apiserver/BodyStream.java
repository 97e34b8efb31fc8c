package dev.berth.controller.apiserver;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// A request body for a blocking reader. At most a few buffers are in flight: the next is fetched
/// when one was taken, so an upload is as slow as the disk behind it and no faster.
final class BodyStream extends InputStream {
  private static final int IN_FLIGHT = 8;

  private final HttpServerRequest request;
  private final Context context;
  private final BlockingQueue<Optional<Buffer>> arrived = new LinkedBlockingQueue<>();
  private Buffer current = Buffer.buffer();
  private int position;
  private boolean ended;
  private volatile boolean broken;

  BodyStream(HttpServerRequest request, Context context) {
    this.request = request;
    this.context = context;
    request.handler(buffer -> arrived.add(Optional.of(buffer)));
    request.endHandler(_ -> arrived.add(Optional.empty()));
    request.exceptionHandler(
        _ -> {
          broken = true;
          arrived.add(Optional.empty());
        });
    request.fetch(IN_FLIGHT);
  }

  /// The connection has closed: whoever reads must not wait for more.
  void end() {
    arrived.add(Optional.empty());
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
    Optional<Buffer> arrival;
    try {
      arrival = arrived.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while reading a request body", e);
    }
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
}
