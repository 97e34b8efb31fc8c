package dev.berth.controller.apiserver;

import dev.berth.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;

/// One request to an agent. Each side may send as many bytes of DATA as the other has granted: 256
/// KiB at first, more as the reader reads. A slow reader here thus slows the agent, not the whole
/// line.
final class TunnelStream implements AutoCloseable {
  private static final int WINDOW = 256 * 1024;
  private static final int GRANT_AT = WINDOW / 4;
  private static final byte[] NOTHING = new byte[0];

  private final Line line;
  private final int id;
  private final CompletableFuture<Head> head = new CompletableFuture<>();
  private final BlockingQueue<Optional<byte[]>> arrived = new LinkedBlockingQueue<>();
  private final Semaphore credit = new Semaphore(WINDOW);
  private final AtomicInteger granted = new AtomicInteger(WINDOW);
  private volatile String broken = "";
  private volatile boolean ended;
  private volatile boolean peerGone;

  /// The tunnel that the stream rides on.
  interface Line {
    String node();

    void send(TunnelFrame frame);

    void forget(int stream);
  }

  /// How the agent begins its answer.
  record Head(int status, Map<String, String> headers) {}

  TunnelStream(Line line, int id) {
    this.line = line;
    this.id = id;
  }

  int id() {
    return id;
  }

  void receive(TunnelFrame frame) {
    switch (frame.type()) {
      case TunnelFrame.HEAD -> head.complete(head(frame.payload()));
      case TunnelFrame.DATA -> data(frame.payload());
      case TunnelFrame.END -> {
        ended = true;
        arrived.add(Optional.empty());
      }
      case TunnelFrame.RESET -> lost(new String(frame.payload(), StandardCharsets.UTF_8));
      case TunnelFrame.CREDIT -> credit.release(ByteBuffer.wrap(frame.payload()).getInt());
      default -> throw new IllegalArgumentException("a tunnel message of type " + frame.type());
    }
  }

  /// What was not granted is not kept: an agent must not fill this server's memory.
  private void data(byte[] payload) {
    if (granted.addAndGet(-payload.length) < 0) {
      cancel("node " + line.node() + " sent more than was granted");
    } else {
      arrived.add(Optional.of(payload));
    }
  }

  private static Head head(byte[] payload) {
    JsonNode json = Json.parse(payload);
    return new Head(json.path("status").asInt(502), Json.strings(json.path("headers")));
  }

  /// The agent gave up, or is not there any more.
  void lost(String reason) {
    peerGone = true;
    cancel(reason);
  }

  /// Whoever asked does not wait for the rest. The agent learns of it when the stream is closed.
  void cancel(String reason) {
    broken = reason;
    head.completeExceptionally(new IOException(reason));
    arrived.add(Optional.empty());
    credit.release(WINDOW);
  }

  /// Ends the stream when it has not ended by itself, so that its reader never waits longer.
  void endWithin(long millis) {
    CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS)
        .execute(() -> cancel("node " + line.node() + " did not end its answer in time"));
  }

  /// Sends as the agent takes.
  ///
  /// @throws IOException when it took nothing for so many milliseconds, or has gone
  void send(byte[] data, long patienceMillis) throws IOException {
    for (int at = 0; at < data.length; ) {
      requireWhole();
      int length = Math.min(data.length - at, GRANT_AT);
      if (!acquired(length, patienceMillis)) {
        throw new IOException("node " + line.node() + " takes no more of the request");
      }
      requireWhole();
      byte[] part = java.util.Arrays.copyOfRange(data, at, at + length);
      line.send(new TunnelFrame(TunnelFrame.DATA, id, part));
      at += length;
    }
  }

  private boolean acquired(int length, long patienceMillis) throws IOException {
    try {
      return credit.tryAcquire(length, patienceMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  void end() {
    line.send(new TunnelFrame(TunnelFrame.END, id, NOTHING));
  }

  Head head(long seconds) throws IOException {
    try {
      return head.get(seconds, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(broken.isEmpty() ? String.valueOf(e.getCause()) : broken, e);
    } catch (TimeoutException e) {
      throw new IOException("node " + line.node() + " did not answer within " + seconds + " s", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void requireWhole() throws IOException {
    if (!broken.isEmpty()) {
      throw new IOException(broken);
    }
  }

  InputStream body() {
    return new Body();
  }

  /// Without a word the agent would go on following a log for somebody who has left. Other threads
  /// that still send or read are let go: nothing will come for them.
  @Override
  public void close() {
    cancel(broken.isEmpty() ? "the request is over" : broken);
    if (!ended && !peerGone) {
      line.send(new TunnelFrame(TunnelFrame.RESET, id, "closed".getBytes(StandardCharsets.UTF_8)));
    }
    line.forget(id);
  }

  /// One read returns at most one message, at once: followed logs arrive line by line.
  private final class Body extends InputStream {
    private byte[] current = NOTHING;
    private int position;
    private int consumed;
    private boolean done;

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
      while (!done && position == current.length) {
        next();
      }
      if (done) {
        return -1;
      }
      int n = Math.min(length, current.length - position);
      System.arraycopy(current, position, target, offset, n);
      position += n;
      grant(n);
      return n;
    }

    private void next() throws IOException {
      Optional<byte[]> arrival;
      try {
        arrival = arrived.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
      position = 0;
      current = arrival.orElse(NOTHING);
      if (arrival.isEmpty()) {
        done = true;
        requireWhole();
      }
    }

    private void grant(int n) {
      consumed += n;
      if (consumed >= GRANT_AT) {
        granted.addAndGet(consumed);
        byte[] more = ByteBuffer.allocate(4).putInt(consumed).array();
        line.send(new TunnelFrame(TunnelFrame.CREDIT, id, more));
        consumed = 0;
      }
    }
  }
}
