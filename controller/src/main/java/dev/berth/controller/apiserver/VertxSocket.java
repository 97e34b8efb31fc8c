package dev.berth.controller.apiserver;

import dev.berth.controller.http.MessageSocket;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/// A WebSocket of Vert.x for blocking threads. A frame is asked for when one was taken, so a client
/// sends no faster than what it sends is used.
final class VertxSocket implements MessageSocket {
  private static final int IN_FLIGHT = 4;

  /// Vert.x bounds a frame, but not how many of them are one message.
  private static final int LARGEST_MESSAGE = 4 << 20;

  private static final short TOO_BIG = 1009;

  private final ServerWebSocket socket;
  private final Context context;
  private final BlockingQueue<Optional<WebSocketFrame>> arrived = new LinkedBlockingQueue<>();

  /// On the event loop, in the call that hands the socket over: no frame may be missed.
  VertxSocket(ServerWebSocket socket, Context context) {
    this.socket = socket;
    this.context = context;
    socket.pause();
    socket.frameHandler(frame -> arrived.add(Optional.of(frame)));
    socket.exceptionHandler(_ -> arrived.add(Optional.empty()));
    socket.closeHandler(_ -> arrived.add(Optional.empty()));
    socket.fetch(IN_FLIGHT);
  }

  @Override
  public String protocol() {
    return Optional.ofNullable(socket.subProtocol()).orElse("");
  }

  @Override
  public Optional<byte[]> receive() {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    while (true) {
      Optional<WebSocketFrame> frame = take();
      if (frame.isEmpty() || frame.get().isClose()) {
        return Optional.empty();
      }
      Buffer data = isData(frame.get()) ? frame.get().binaryData() : Buffer.buffer();
      if (message.size() + data.length() > LARGEST_MESSAGE) {
        close(TOO_BIG, "a message has at most " + LARGEST_MESSAGE + " bytes");
        return Optional.empty();
      }
      context.runOnContext(_ -> socket.fetch(1));
      if (isData(frame.get())) {
        message.writeBytes(data.getBytes());
        if (frame.get().isFinal()) {
          return Optional.of(message.toByteArray());
        }
      }
    }
  }

  private static boolean isData(WebSocketFrame frame) {
    return frame.isBinary() || frame.isText() || frame.isContinuation();
  }

  private Optional<WebSocketFrame> take() {
    try {
      return arrived.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void sendBinary(byte[] message) throws IOException {
    onLoop(() -> socket.writeBinaryMessage(Buffer.buffer(message)));
  }

  @Override
  public void sendText(String message) throws IOException {
    onLoop(() -> socket.writeTextMessage(message));
  }

  /// A message in parts begins with an empty one: the first is taken as a text, and a character may
  /// be cut in two.
  @Override
  public void sendTextPart(byte[] part, boolean first, boolean last) throws IOException {
    if (first && last) {
      sendText(new String(part, StandardCharsets.UTF_8));
      return;
    }
    if (first) {
      onLoop(() -> socket.writeFrame(WebSocketFrame.textFrame("", false)));
    }
    onLoop(() -> socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(part), last)));
  }

  private void onLoop(Supplier<Future<Void>> action) throws IOException {
    Promise<Void> promise = Promise.promise();
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

  @Override
  public void close() {
    context.runOnContext(_ -> socket.close());
    arrived.add(Optional.empty());
  }

  private void close(short status, String reason) {
    context.runOnContext(_ -> socket.close(status, reason));
    arrived.add(Optional.empty());
  }
}
