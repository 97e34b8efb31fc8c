package dev.berth.controller.spdy;

import dev.berth.controller.http.ByteSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// A client at the other end of a session, without a network between them: what the session does
/// not take, the client cannot send. Used by one thread.
public final class SpdyPeer implements ByteSocket {
  private static final long PATIENCE_SECONDS = 20;

  private final EmbeddedChannel codec =
      new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
  private final BlockingQueue<Optional<byte[]>> toSession = new LinkedBlockingQueue<>(1);
  private final BlockingQueue<byte[]> fromSession = new LinkedBlockingQueue<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  // What the session did not take in time goes before what is sent next.
  private final Queue<byte[]> unsent = new ArrayDeque<>();
  private final Set<Integer> reset = new HashSet<>();
  private int lastStream = -1;
  private int lastPing = -1;
  private int answeredPing = -1;

  /// Opens a stream; whether the session took what was sent before.
  public boolean open(Map<String, String> headers) throws InterruptedException {
    lastStream += 2;
    SpdySynStreamFrame frame = new DefaultSpdySynStreamFrame(lastStream, 0, (byte) 0);
    headers.forEach(frame.headers()::set);
    return write(frame, PATIENCE_SECONDS * 1000);
  }

  /// The stream that was opened last.
  public int last() {
    return lastStream;
  }

  public boolean send(int stream, byte[] bytes) throws InterruptedException {
    return send(stream, bytes, PATIENCE_SECONDS * 1000);
  }

  /// Whether the session took what was sent before, within so many milliseconds.
  public boolean send(int stream, byte[] bytes, long patience) throws InterruptedException {
    return write(new DefaultSpdyDataFrame(stream, Unpooled.wrappedBuffer(bytes)), patience);
  }

  public boolean end(int stream) throws InterruptedException {
    return write(new DefaultSpdyDataFrame(stream).setLast(true), PATIENCE_SECONDS * 1000);
  }

  public boolean reset(int stream) throws InterruptedException {
    return write(
        new DefaultSpdyRstStreamFrame(stream, SpdyStreamStatus.CANCEL), PATIENCE_SECONDS * 1000);
  }

  private boolean write(SpdyFrame frame, long patience) throws InterruptedException {
    codec.writeOutbound(frame);
    for (ByteBuf bytes = codec.readOutbound(); bytes != null; bytes = codec.readOutbound()) {
      unsent.add(ByteBufUtil.getBytes(bytes));
      bytes.release();
    }
    while (!unsent.isEmpty()) {
      byte[] next = unsent.element();
      if (!toSession.offer(Optional.of(next), patience, TimeUnit.MILLISECONDS)) {
        return false;
      }
      unsent.remove();
    }
    return true;
  }

  /// Returns when the session has used all that was sent before.
  ///
  /// @return whether it has
  public boolean isHeard() throws InterruptedException {
    lastPing += 2;
    write(new DefaultSpdyPingFrame(lastPing), PATIENCE_SECONDS * 1000);
    while (answeredPing < lastPing) {
      byte[] bytes = fromSession.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (bytes == null) {
        return false;
      }
      codec.writeInbound(Unpooled.wrappedBuffer(bytes));
      for (Object f = codec.readInbound(); f != null; f = codec.readInbound()) {
        take(f);
      }
    }
    return true;
  }

  private void take(Object frame) {
    if (frame instanceof SpdyPingFrame ping) {
      answeredPing = ping.id();
    } else if (frame instanceof SpdyRstStreamFrame rst) {
      reset.add(rst.streamId());
    }
    ReferenceCountUtil.release(frame);
  }

  /// Whether the session has reset the stream, as far as it is heard.
  public boolean isReset(int stream) {
    return reset.contains(stream);
  }

  /// Whether the session closes the connection in time.
  public boolean isClosed() throws InterruptedException {
    return closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public Optional<byte[]> receive() {
    try {
      return closed.getCount() == 0 ? Optional.empty() : toSession.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void send(byte[] bytes) {
    fromSession.add(bytes);
  }

  @Override
  public void close() {
    closed.countDown();
    toSession.clear();
    toSession.offer(Optional.empty());
  }
}
