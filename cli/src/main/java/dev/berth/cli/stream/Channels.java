package dev.berth.cli.stream;

import dev.berth.api.Json;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The channels of one command over a WebSocket (k8s.io/apimachinery, `remotecommand` constants):
/// the first byte of a message is its channel. The next message is asked for when the last one is
/// written, so that a slow output slows the command and fills nothing.
final class Channels implements WebSocket.Listener {
  static final String PROTOCOL = "v5.channel.k8s.io";
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;
  private static final int ERROR = 3;
  private static final int RESIZE = 4;
  private static final int CLOSE = 255;

  /// As of one that SIGPIPE has ended.
  static final int NOBODY_READS = 128 + 13;

  private final PrintStream out;
  private final PrintStream err;
  private final ByteArrayOutputStream status = new ByteArrayOutputStream();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final ReentrantLock sending = new ReentrantLock();
  private int channel = -1;
  private volatile boolean unread;
  private volatile boolean inputIsOver;
  private @Nullable WebSocket socket;

  Channels(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  /// Begins it. Throws an `ApiException` where the server refuses.
  void open(ApiClient client, String path) {
    over(client.webSocket(path, List.of(PROTOCOL), this));
  }

  void over(WebSocket opened) {
    socket = opened;
  }

  /// Waits until it has an open window; false where nobody hears it, or anything after it.
  boolean input(byte[] bytes, int length) {
    send(STDIN, bytes, length);
    return !inputIsOver && !ended.isDone();
  }

  void endInput() {
    send(CLOSE, new byte[] {STDIN}, 1);
  }

  void size(int width, int height) {
    byte[] size = Json.bytes(Json.object().put("Width", width).put("Height", height));
    send(RESIZE, size, size.length);
  }

  private void send(int to, byte[] bytes, int length) {
    WebSocket open = socket;
    if (open == null || inputIsOver || ended.isDone()) {
      return;
    }
    ByteBuffer message =
        ByteBuffer.allocate(1 + length).put((byte) to).put(bytes, 0, length).flip();
    sending.lock();
    try {
      open.sendBinary(message, true).join();
    } catch (CompletionException e) {
      inputIsOver = true; // it was closed meanwhile, but its last words may still be on their way
    } finally {
      sending.unlock();
    }
  }

  /// Waits for the end; the command's exit code.
  int await() throws InterruptedException {
    try {
      ended.get();
    } catch (ExecutionException e) {
      if (status.size() == 0) {
        throw Failure.of("the connection broke: " + e.getCause());
      }
    }
    return unread ? NOBODY_READS : code(status.toByteArray());
  }

  /// What the last message says: `Success`, an exit code, or why there is none.
  static int code(byte[] status) {
    if (status.length == 0) {
      throw Failure.of(
          "the server ended it without saying how: its node may have gone", "berth get nodes");
    }
    JsonNode told;
    try {
      told = Json.parse(status);
    } catch (JacksonException e) {
      throw Failure.of("the server's last words are no Status");
    }
    if (Json.text(told, "status").equals("Success")) {
      return 0;
    }
    for (JsonNode cause : told.path("details").path("causes")) {
      String code = Json.text(cause, "message");
      if (Json.text(cause, "reason").equals("ExitCode") && code.matches("[0-9]{1,3}")) {
        return Integer.parseInt(code);
      }
    }
    throw Failure.of(Json.text(told, "message"));
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    if (channel < 0 && data.hasRemaining()) {
      channel = data.get() & 0xff;
    }
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    if (!take(bytes)) {
      unread = true;
      from.abort();
      ended.complete(null);
    }
    channel = last ? -1 : channel;
    from.request(1);
    return null;
  }

  /// False where nobody reads our output any more.
  private boolean take(byte[] bytes) {
    return switch (channel) {
      case STDOUT -> write(out, bytes);
      case STDERR -> write(err, bytes);
      case ERROR -> {
        status.writeBytes(bytes);
        yield true;
      }
      default -> true; // the server has no other
    };
  }

  /// A PrintStream throws nothing: it must be asked, which flushes it too.
  private static boolean write(PrintStream to, byte[] bytes) {
    to.write(bytes, 0, bytes.length);
    return !to.checkError();
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended.complete(null);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended.completeExceptionally(error);
  }

  /// As a person who leaves.
  void abort() {
    WebSocket open = socket;
    if (open != null) {
      open.abort();
    }
    ended.complete(null);
  }
}
