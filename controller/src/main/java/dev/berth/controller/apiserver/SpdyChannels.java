package dev.berth.controller.apiserver;

import dev.berth.controller.http.MessageSocket;
import dev.berth.controller.spdy.SpdySession;
import dev.berth.controller.spdy.SpdyStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;

/// The streams of an exec over SPDY (`v4.channel.k8s.io` of remotecommand) as the channels that the
/// same has over a WebSocket, so that what joins them to the agent need not know which it is.
///
/// The client opens one stream for each thing it asked for in the query, named by its header
/// `streamtype`, and one for the final Status.
final class SpdyChannels implements MessageSocket {
  static final String PROTOCOL = "v4.channel.k8s.io";

  private static final List<String> NAMES = List.of("stdin", "stdout", "stderr", "error", "resize");
  private static final byte STDIN = 0;
  private static final byte RESIZE = 4;
  private static final byte CLOSE = (byte) 255;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FAREWELL = Duration.ofSeconds(5);
  private static final int MOST_WAITING = 4;

  private final SpdySession session;
  private final Map<Integer, SpdyStream> streams = new ConcurrentHashMap<>();
  private final BlockingQueue<Optional<byte[]>> arrived = new LinkedBlockingQueue<>(MOST_WAITING);
  private volatile boolean closed;

  SpdyChannels(SpdySession session, int wanted, InstantSource clock) throws IOException {
    this(session, wanted, PATIENCE, clock);
  }

  /// Returns when the client has opened all of them. The session is closed where it has not.
  ///
  /// @param wanted how many that are
  /// @param patience for all of them together
  SpdyChannels(SpdySession session, int wanted, Duration patience, InstantSource clock)
      throws IOException {
    this.session = session;
    try {
      accept(wanted, clock, clock.instant().plus(patience));
    } catch (IOException e) {
      session.close();
      throw e;
    }
    session.refuseMore();
    session.onGone(() -> put(Optional.empty()));
    streams.forEach(
        (channel, stream) -> {
          if (channel == STDIN || channel == RESIZE) {
            Thread.ofVirtual().name("spdy-channel").start(() -> pump(channel.byteValue(), stream));
          } else {
            stream.ignoreInput();
          }
        });
  }

  private void accept(int wanted, InstantSource clock, Instant deadline) throws IOException {
    while (streams.size() < wanted) {
      Duration left = Duration.between(clock.instant(), deadline);
      Optional<SpdyStream> stream = left.isNegative() ? Optional.empty() : session.accept(left);
      if (stream.isEmpty()) {
        throw new IOException("the client did not open its streams in time");
      }
      int channel = NAMES.indexOf(stream.get().header("streamtype"));
      if (channel < 0 || streams.putIfAbsent(channel, stream.get()) != null) {
        stream.get().reset();
      }
    }
  }

  private void pump(byte channel, SpdyStream from) {
    for (Optional<byte[]> b = from.receive(); b.isPresent(); b = from.receive()) {
      put(Optional.of(message(channel, b.get())));
    }
    if (channel == STDIN && !from.isBroken()) {
      put(Optional.of(new byte[] {CLOSE, STDIN}));
    }
  }

  private static byte[] message(byte channel, byte[] bytes) {
    byte[] message = new byte[bytes.length + 1];
    message[0] = channel;
    System.arraycopy(bytes, 0, message, 1, bytes.length);
    return message;
  }

  private void put(Optional<byte[]> message) {
    if (closed) {
      return;
    }
    try {
      arrived.put(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String protocol() {
    return PROTOCOL;
  }

  @Override
  public Optional<byte[]> receive() {
    try {
      return arrived.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /// What the client did not ask for, it does not get.
  @Override
  public void sendBinary(byte[] message) throws IOException {
    SpdyStream stream = streams.get((int) message[0]);
    if (stream != null) {
      stream.send(Arrays.copyOfRange(message, 1, message.length));
    }
  }

  @Override
  public void sendText(String message) {
    throw new UnsupportedOperationException("a SPDY stream has no text messages");
  }

  @Override
  public void sendTextPart(byte[] part, boolean first, boolean last) {
    throw new UnsupportedOperationException("a SPDY stream has no text messages");
  }

  /// The client learns that each stream has ended, and closes; one that does not is closed. What it
  /// still sends is thrown away.
  @Override
  public void close() {
    letGo();
    try {
      for (SpdyStream stream : streams.values()) {
        stream.end();
      }
      session.awaitClient(FAREWELL);
    } catch (IOException e) {
      // The client has gone: nobody is left to be told.
    } finally {
      session.close();
    }
  }

  /// Whoever puts or receives goes on. Three threads put (stdin, resize and the one that learns
  /// that the client has gone), each at most once more: with the end they fill the places, no more.
  private void letGo() {
    closed = true;
    streams.values().forEach(SpdyStream::ignoreInput);
    arrived.clear();
    arrived.add(Optional.empty());
  }
}
