package dev.berth.agent.stream;

import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One request and its answer. Each side may have 256 KiB under way that the other has not read.
final class TunnelStream implements Route.Response {
  static final int WINDOW = 256 * 1024;
  private static final int PIECE = 32 * 1024;

  private final int id;
  private final Tunnel tunnel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Runnable> ends = new ArrayList<>();
  private final ArrayDeque<byte[]> received = new ArrayDeque<>();
  private boolean inputEnded;
  private boolean reset;
  private boolean headed;
  private boolean bodyClosed;
  private int credit = WINDOW;
  private int waiting;

  TunnelStream(int id, Tunnel tunnel) {
    this.id = id;
    this.tunnel = tunnel;
  }

  // ---- called by the tunnel's reader; never blocks

  /// A peer that sends more than its window loses the stream, not our memory.
  void data(byte[] bytes) {
    locked(
        () -> {
          waiting += bytes.length;
          reset |= waiting > WINDOW;
          if (!bodyClosed && !reset) {
            received.add(bytes);
          }
        });
    if (isReset()) {
      gone();
    }
  }

  @Override
  public void whenGone(Runnable end) {
    locked(() -> ends.add(end));
    if (isReset()) {
      gone();
    }
  }

  /// Each of them once.
  private void gone() {
    List<Runnable> all = new ArrayList<>();
    locked(
        () -> {
          all.addAll(ends);
          ends.clear();
        });
    all.forEach(Runnable::run);
  }

  void ended() {
    locked(() -> inputEnded = true);
  }

  void reset() {
    locked(() -> reset = true);
    gone();
  }

  void credit(int bytes) {
    locked(() -> credit += bytes);
  }

  private void locked(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  // ---- called by the request's thread

  @Override
  public void head(int status, Map<String, String> headers) throws IOException {
    locked(() -> headed = true);
    ObjectNode head = Json.object().put("status", status);
    ObjectNode all = head.putObject("headers");
    headers.forEach(all::put);
    tunnel.send(Frame.of(Frame.Type.HEAD, id, Json.bytes(head)));
  }

  boolean headed() {
    return headed;
  }

  @Override
  public boolean write(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; ) {
      int n = reserve(Math.min(PIECE, bytes.length - at));
      if (n == 0) {
        return false;
      }
      tunnel.send(Frame.of(Frame.Type.DATA, id, bytes, at, n));
      at += n;
    }
    return !isReset();
  }

  private boolean isReset() {
    lock.lock();
    try {
      return reset;
    } finally {
      lock.unlock();
    }
  }

  /// Waits for room in the window; 0 when the peer has given up.
  private int reserve(int wanted) throws IOException {
    lock.lock();
    try {
      while (credit <= 0 && !reset) {
        changed.await();
      }
      int n = reset ? 0 : Math.min(wanted, credit);
      credit -= n;
      return n;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  void end() throws IOException {
    tunnel.send(Frame.of(Frame.Type.END, id, new byte[0]));
  }

  void abort(String reason) throws IOException {
    tunnel.send(Frame.of(Frame.Type.RESET, id, reason.getBytes(StandardCharsets.UTF_8)));
  }

  /// The request's body; what is read is given back to the peer as credit.
  InputStream body() {
    return new InputStream() {
      // Wakes who reads: nobody wants the rest.
      @Override
      public void close() {
        locked(
            () -> {
              bodyClosed = true;
              received.clear();
            });
      }

      private byte @Nullable [] piece;
      private int at;

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] into, int offset, int length) throws IOException {
        byte[] from = piece;
        if (from == null || at == from.length) {
          from = next();
          piece = from;
          at = 0;
          if (from == null) {
            return -1;
          }
          tunnel.send(Frame.credit(id, from.length));
        }
        int n = Math.min(length, from.length - at);
        System.arraycopy(from, at, into, offset, n);
        at += n;
        return n;
      }
    };
  }

  private byte @Nullable [] next() throws IOException {
    lock.lock();
    try {
      while (received.isEmpty() && !inputEnded && !reset && !bodyClosed) {
        if (headed) {
          changed.await(); // both sides talk, and may pause as long as they like
        } else if (!changed.await(1, TimeUnit.MINUTES)) {
          throw new IOException("no data for a minute");
        }
      }
      if (reset || bodyClosed) {
        throw new IOException("the request was given up");
      }
      byte[] piece = received.poll();
      waiting -= piece == null ? 0 : piece.length;
      return piece != null && piece.length == 0 ? next() : piece;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }
}
