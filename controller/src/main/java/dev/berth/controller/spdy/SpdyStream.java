package dev.berth.controller.spdy;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/// One stream that the client opened. One thread receives, one sends.
public final class SpdyStream {
  /// What waits here at most, in bytes: then the whole connection waits for this stream's reader.
  private static final int MOST_WAITING = 256 * 1024;

  /// What keeping some bytes costs beside them; a client may send them one by one.
  private static final int OVERHEAD = 128;

  private static final int LARGEST_FRAME = 32 * 1024;

  private final SpdySession session;
  private final int id;
  private final Map<String, String> headers;
  private final BlockingQueue<Optional<byte[]>> arrived = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final AtomicBoolean sentEnd = new AtomicBoolean();
  private volatile boolean received;
  // Set under the stream's lock, so that nothing is kept after what waited was thrown away.
  private volatile boolean deaf;
  private volatile boolean broken;

  SpdyStream(SpdySession session, int id, Map<String, String> headers) {
    this.session = session;
    this.id = id;
    this.headers = headers;
  }

  public int id() {
    return id;
  }

  /// What the client opened it with; names are in small letters.
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /// The next bytes; empty when the client has ended the stream, or has gone.
  public Optional<byte[]> receive() {
    try {
      Optional<byte[]> next = arrived.take();
      if (next.isEmpty()) {
        arrived.add(next);
      } else {
        room.release(cost(next.get()));
        session.release(cost(next.get()));
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// Whether the end that [#receive] saw was a client that reset the stream or went away, not one
  /// that had nothing more to send.
  public boolean isBroken() {
    return broken;
  }

  /// For a stream that nobody receives from any more: what has arrived is thrown away, and what
  /// still comes. To its receiver it has ended.
  public void ignoreInput() {
    synchronized (this) {
      if (deaf) {
        return;
      }
      deaf = true;
      for (var next = arrived.poll(); next != null; next = arrived.poll()) {
        next.ifPresent(bytes -> session.release(cost(bytes)));
      }
    }
    arrived.add(Optional.empty());
    room.release(MOST_WAITING);
  }

  /// Returns when the connection has taken it.
  ///
  /// @throws IOException when the client has gone, or has reset this stream
  public void send(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length; at += LARGEST_FRAME) {
      if (broken) {
        throw new IOException("the client has given up the stream");
      }
      byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + LARGEST_FRAME));
      session.write(new DefaultSpdyDataFrame(id, Unpooled.wrappedBuffer(part)));
    }
  }

  /// Nothing more will be sent; the client may go on sending. A second call does nothing.
  public void end() throws IOException {
    if (sentEnd.compareAndSet(false, true)) {
      SpdyDataFrame last = new DefaultSpdyDataFrame(id);
      session.write(last.setLast(true));
      forgetWhenOver();
    }
  }

  /// Ends both directions.
  public void reset() {
    sentEnd.set(true);
    breakOff();
    session.forget(id);
    try {
      session.write(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.CANCEL));
    } catch (IOException e) {
      // The client has gone, and the stream with it.
    }
  }

  /// On the session's reader; waits while too much lies here.
  void arrived(byte[] bytes) {
    if (received || deaf) {
      return;
    }
    room.acquireUninterruptibly(cost(bytes));
    session.reserve(cost(bytes));
    if (!keep(bytes)) {
      session.release(cost(bytes));
    }
  }

  private synchronized boolean keep(byte[] bytes) {
    return !deaf && arrived.add(Optional.of(bytes));
  }

  private static int cost(byte[] bytes) {
    return bytes.length + OVERHEAD;
  }

  void ended() {
    if (!received) {
      received = true;
      arrived.add(Optional.empty());
      forgetWhenOver();
    }
  }

  void breakOff() {
    broken = true;
    ignoreInput();
  }

  private void forgetWhenOver() {
    if (received && sentEnd.get()) {
      session.forget(id);
    }
  }
}
