package dev.berth.controller.apiserver;

import dev.berth.controller.http.ByteSocket;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;

/// What is left of an HTTP/1.1 connection after its upgrade, for blocking threads. Bytes are asked
/// for when some were taken, so a client sends no faster than what it sends is used.
final class VertxByteSocket implements ByteSocket {
  private static final int IN_FLIGHT = 4;

  private final NetSocket socket;
  private final Context context;
  private final BlockingQueue<Optional<Buffer>> arrived = new LinkedBlockingQueue<>();

  /// On the event loop, in the call that hands the socket over: no byte may be missed.
  VertxByteSocket(NetSocket socket, Context context) {
    this.socket = socket;
    this.context = context;
    socket.pause();
    socket.handler(buffer -> arrived.add(Optional.of(buffer)));
    socket.exceptionHandler(_ -> arrived.add(Optional.empty()));
    socket.closeHandler(_ -> arrived.add(Optional.empty()));
    socket.fetch(IN_FLIGHT);
  }

  @Override
  public Optional<byte[]> receive() {
    try {
      Optional<Buffer> next = arrived.take();
      if (next.isEmpty()) {
        arrived.add(next); // whoever asks again learns the same
      } else {
        context.runOnContext(_ -> socket.fetch(1));
      }
      return next.map(Buffer::getBytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void send(byte[] bytes) throws IOException {
    Promise<Void> promise = Promise.promise();
    context.runOnContext(
        _ -> {
          try {
            socket.write(Buffer.buffer(bytes)).onComplete(promise);
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

  @Override
  public void close() {
    context.runOnContext(_ -> socket.close());
    arrived.add(Optional.empty());
  }
}
