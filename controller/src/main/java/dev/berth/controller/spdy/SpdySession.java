package dev.berth.controller.spdy;

import dev.berth.controller.http.ByteSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyHeaders;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynReplyFrame;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server's side of one SPDY connection. A thread of its own reads; whoever sends writes its
/// frame itself, one at a time. Only clients open streams.
public final class SpdySession implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SpdySession.class);
  private static final int MOST_STREAMS = 256;

  /// What waits in all streams together at most: then the connection waits for their readers.
  private static final int MOST_WAITING = 1024 * 1024;

  private static final int LARGEST_CHUNK = 32 * 1024;
  private static final int LARGEST_HEADERS = 4 * 1024;

  // Headers are compressed, so a few bytes can become large frames: decoded in small parts, few of
  // them are there at a time.
  private static final int LARGEST_PART = 4 * 1024;

  private final ByteSocket socket;
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  private final BlockingQueue<Optional<SpdyStream>> opened = new LinkedBlockingQueue<>();
  private final Semaphore room = new Semaphore(MOST_WAITING);
  private final CountDownLatch over = new CountDownLatch(1);
  // Header blocks are compressed with one dictionary for the whole session, so each direction has
  // one codec: the reader's is used by the reader only, the writer's under its lock.
  private final EmbeddedChannel reading = new EmbeddedChannel(codec());
  private final EmbeddedChannel writing = new EmbeddedChannel(codec());
  private int newestStream;
  private volatile boolean refusing;
  private volatile boolean closed;

  private SpdySession(ByteSocket socket) {
    this.socket = socket;
  }

  /// Takes the connection over.
  public static SpdySession over(ByteSocket socket) {
    SpdySession session = new SpdySession(socket);
    Thread.ofVirtual().name("spdy-in").start(session::read);
    return session;
  }

  private static SpdyFrameCodec codec() {
    return new SpdyFrameCodec(SpdyVersion.SPDY_3_1, LARGEST_CHUNK, LARGEST_HEADERS, 6, 15, 8);
  }

  /// The next stream that the client opens; empty when none came in time, or none will come.
  public Optional<SpdyStream> accept(Duration patience) {
    try {
      Optional<SpdyStream> next = opened.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (next == null) {
        return Optional.empty();
      }
      if (next.isEmpty()) {
        opened.add(next);
      }
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// For who has all the streams it wants: what the client opens from now on is refused, and so is
  /// what nobody has accepted.
  public void refuseMore() {
    refusing = true;
    for (var next = opened.poll(); next != null; next = opened.poll()) {
      next.ifPresent(SpdyStream::reset);
    }
  }

  /// Gives the client time to take what was sent and to close by itself. A client that uses
  /// spdystream throws away what it has not read yet when the connection closes first.
  public void awaitClient(Duration patience) {
    try {
      over.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Runs `action` when the client has gone; at once where it has already.
  public void onGone(Runnable action) {
    Thread.ofVirtual()
        .name("spdy-gone")
        .start(
            () -> {
              try {
                over.await();
                action.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
  }

  private void read() {
    try {
      for (Optional<byte[]> b = socket.receive(); b.isPresent(); b = socket.receive()) {
        decode(b.get());
      }
    } catch (IOException e) {
      LOG.atDebug().setCause(e).log("the client has gone");
    } catch (Exception e) {
      // The codec throws what it finds wrong, of whatever type: the session cannot be trusted then.
      LOG.atDebug().setCause(e).log("a broken SPDY frame; the connection is closed");
    } finally {
      streams.values().forEach(SpdyStream::breakOff);
      opened.add(Optional.empty());
      over.countDown();
      socket.close();
      reading.finishAndReleaseAll();
    }
  }

  private void decode(byte[] bytes) throws IOException {
    for (int at = 0; at < bytes.length && !closed; at += LARGEST_PART) {
      int length = Math.min(LARGEST_PART, bytes.length - at);
      reading.writeInbound(Unpooled.wrappedBuffer(bytes, at, length));
      for (Object frame = reading.readInbound(); frame != null; frame = reading.readInbound()) {
        take(frame);
      }
    }
  }

  private void take(Object frame) throws IOException {
    try {
      if (closed) {
        return; // a stream opened now would have no reader
      }
      switch (frame) {
        case SpdySynStreamFrame opening -> open(opening);
        case SpdyDataFrame data -> data(data);
        case SpdyRstStreamFrame reset -> reset(reset.streamId());
        case SpdyPingFrame ping -> answer(ping);
        default -> {
          // Settings, windows, priorities, going away: nothing follows from them here.
        }
      }
    } finally {
      ReferenceCountUtil.release(frame);
    }
  }

  private void open(SpdySynStreamFrame opening) throws IOException {
    int id = opening.streamId();
    boolean wellFormed =
        id > newestStream && (id & 1) == 1 && !opening.isInvalid() && !opening.isTruncated();
    if (!wellFormed) {
      write(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.PROTOCOL_ERROR));
      return;
    }
    newestStream = id;
    if (refusing || streams.size() >= MOST_STREAMS) {
      write(new DefaultSpdyRstStreamFrame(id, SpdyStreamStatus.REFUSED_STREAM));
      return;
    }
    Map<String, String> headers = new HashMap<>();
    for (var header : opening.headers()) {
      headers.put(
          header.getKey().toString().toLowerCase(Locale.ROOT), header.getValue().toString());
    }
    SpdyStream stream = new SpdyStream(this, id, headers);
    streams.put(id, stream);
    write(reply(id));
    if (opening.isLast()) {
      stream.ended();
    }
    opened.add(Optional.of(stream));
    if (refusing && opened.remove(Optional.of(stream))) {
      stream.reset();
    }
  }

  /// With the headers of an answer, though nobody reads them: Netty writes no header block where
  /// there are none, and spdystream waits for ever for its first bytes.
  private static SpdySynReplyFrame reply(int id) {
    SpdySynReplyFrame reply = new DefaultSpdySynReplyFrame(id);
    reply.headers().set(SpdyHeaders.HttpNames.STATUS, "200");
    reply.headers().set(SpdyHeaders.HttpNames.VERSION, "HTTP/1.1");
    return reply;
  }

  private void data(SpdyDataFrame data) {
    SpdyStream stream = streams.get(data.streamId());
    if (stream == null) {
      return;
    }
    if (data.content().isReadable()) {
      stream.arrived(ByteBufUtil.getBytes(data.content()));
    }
    if (data.isLast()) {
      stream.ended();
    }
  }

  private void reset(int id) {
    SpdyStream stream = streams.remove(id);
    if (stream != null) {
      opened.remove(Optional.of(stream));
      stream.breakOff();
    }
  }

  /// A client's pings have odd numbers; an even one would answer one of ours, and we send none.
  private void answer(SpdyPingFrame ping) throws IOException {
    if ((ping.id() & 1) == 1) {
      write(new DefaultSpdyPingFrame(ping.id()));
    }
  }

  /// On the reader: waits for room for what has arrived.
  void reserve(int bytes) {
    room.acquireUninterruptibly(bytes);
  }

  void release(int bytes) {
    room.release(bytes);
  }

  void forget(int id) {
    streams.remove(id);
  }

  void write(SpdyFrame frame) throws IOException {
    synchronized (writing) {
      writing.writeOutbound(frame);
      for (ByteBuf bytes = writing.readOutbound(); bytes != null; bytes = writing.readOutbound()) {
        try {
          socket.send(ByteBufUtil.getBytes(bytes));
        } finally {
          bytes.release();
        }
      }
    }
  }

  /// Whoever receives from a stream, and the reader that waits for one, is let go.
  @Override
  public void close() {
    closed = true;
    socket.close();
    streams.values().forEach(SpdyStream::breakOff);
    synchronized (writing) {
      writing.finishAndReleaseAll();
    }
  }
}
