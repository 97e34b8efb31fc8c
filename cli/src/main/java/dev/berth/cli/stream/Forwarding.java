package dev.berth.cli.stream;

import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One local connection and the pod's port behind it: a WebSocket of `v4.channel.k8s.io` with one
/// port, whose channel 0 are the bytes and channel 1 what went wrong; the first message of each is
/// the port itself (k8s.io/kubelet, `portforward/websocket.go`).
final class Forwarding implements WebSocket.Listener {
  private static final String PROTOCOL = "v4.channel.k8s.io";
  private static final int PIECE = 16 * 1024;
  private static final int PORT_BYTES = 2;
  private static final long LAST_ANSWER_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Socket local;
  private final Consumer<String> problems;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final long[] received = {0, 0};
  private volatile long heard = System.nanoTime();
  private int channel = -1;

  /// @param problems is told what went wrong, on any thread
  private Forwarding(Socket local, Consumer<String> problems) {
    this.local = local;
    this.problems = problems;
  }

  /// Serves until either side has ended. Throws an `ApiException` where the server refuses.
  static void serve(
      ApiClient client, ObjectKey pod, int port, Socket local, Consumer<String> problems)
      throws IOException {
    try (local) {
      Forwarding one = new Forwarding(local, problems);
      String path = Kinds.POD.objectPath(pod) + "/portforward?ports=" + port;
      WebSocket socket = client.webSocket(path, List.of(PROTOCOL), one);
      var _ = one.ended.whenComplete((_, _) -> close(local));
      try {
        feed(local.getInputStream(), socket);
        one.listen();
      } finally {
        socket.abort();
      }
    }
  }

  /// Until the local side ends, or is closed because the other has.
  private static void feed(InputStream in, WebSocket socket) {
    byte[] piece = new byte[PIECE];
    try {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        ByteBuffer message = ByteBuffer.allocate(n + 1).put((byte) 0).put(piece, 0, n).flip();
        socket.sendBinary(message, true).join();
      }
    } catch (IOException | CompletionException e) {
      return; // one of the two sides is gone, and both go
    }
  }

  /// Who has said everything may still wait for the answer; these channels have no half close. Ends
  /// when nothing has come for half a minute, however long an answer goes on.
  private void listen() {
    long saidAll = System.nanoTime();
    long left = LAST_ANSWER_NANOS;
    while (left > 0 && !endsWithin(left)) {
      left = left(saidAll, heard, System.nanoTime());
    }
  }

  private boolean endsWithin(long nanos) {
    try {
      ended.get(nanos, TimeUnit.NANOSECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    } catch (ExecutionException e) {
      return true; // it has left
    } catch (TimeoutException e) {
      return false;
    }
  }

  /// How long to wait on, from the later of the two on; all in nanoseconds, as `nanoTime` counts.
  static long left(long saidAll, long heard, long now) {
    return LAST_ANSWER_NANOS - Math.min(now - saidAll, now - heard);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      return; // it is closed
    }
  }

  @Override
  public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
    heard = System.nanoTime();
    if (channel < 0 && data.hasRemaining()) {
      channel = data.get() & 0xff;
    }
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    try {
      take(bytes);
    } catch (IOException e) {
      ended.complete(null); // nobody reads here any more
    }
    channel = last ? -1 : channel;
    from.request(1);
    return null;
  }

  private void take(byte[] bytes) throws IOException {
    if (channel > 1) {
      return;
    }
    int skipped = (int) Math.min(bytes.length, Math.max(0, PORT_BYTES - received[channel]));
    received[channel] += bytes.length;
    if (skipped == bytes.length) {
      return;
    }
    if (channel == 0) {
      local.getOutputStream().write(bytes, skipped, bytes.length - skipped);
    } else {
      problems.accept(new String(bytes, skipped, bytes.length - skipped, StandardCharsets.UTF_8));
      ended.complete(null);
    }
  }

  @Override
  public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
    ended.complete(null);
    return null;
  }

  @Override
  public void onError(WebSocket from, Throwable error) {
    ended.complete(null);
  }
}
