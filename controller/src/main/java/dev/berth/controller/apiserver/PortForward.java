package dev.berth.controller.apiserver;

import dev.berth.controller.spdy.SpdySession;
import dev.berth.controller.spdy.SpdyStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Port-forward over SPDY (`portforward.k8s.io`): for each connection that the client took, it
/// opens a pair of streams with the headers `streamtype` (`data` or `error`), `port` and
/// `requestID`. Each pair gets a stream of the node's tunnel; what goes wrong is text on the error
/// stream, and only that connection ends.
final class PortForward {
  static final String PROTOCOL = "portforward.k8s.io";

  /// How a WebSocket says that its binary messages carry the bytes of a SPDY connection.
  static final String TUNNELED = "SPDY/3.1+" + PROTOCOL;

  private static final Duration FOREVER = Duration.ofDays(365);
  private static final long PAIR_SECONDS = 30;
  private static final long HEAD_SECONDS = 60;
  private static final long DATA_MILLIS = TimeUnit.DAYS.toMillis(1);
  private static final int LARGEST_TEXT = 4096;
  private static final int MOST_CONNECTIONS = 128;

  private final Tunnel tunnel;
  private final ApiPath pod;
  private final Map<String, Pair> unpaired = new ConcurrentHashMap<>();

  // One for each pair, from its first stream until its connection is over. The session's own bound
  // counts no streams that the client opens and resets at once.
  private final Semaphore places = new Semaphore(MOST_CONNECTIONS);

  private final Set<TunnelStream> live = ConcurrentHashMap.newKeySet();
  private volatile boolean over;

  private static final class Pair {
    final CompletableFuture<Void> whole = new CompletableFuture<>();
    volatile @Nullable SpdyStream data;
    volatile @Nullable SpdyStream error;

    void add(SpdyStream stream, boolean isData) {
      if (isData) {
        data = stream;
      } else {
        error = stream;
      }
    }
  }

  PortForward(Tunnel tunnel, ApiPath pod) {
    this.tunnel = tunnel;
    this.pod = pod;
  }

  /// Returns when the client has gone.
  void serve(SpdySession session) {
    for (var s = session.accept(FOREVER); s.isPresent(); s = session.accept(FOREVER)) {
      take(s.get());
    }
    // What reads from the pod would not notice: the pod need not say anything.
    over = true;
    live.forEach(node -> node.cancel("the client has gone"));
  }

  private void take(SpdyStream stream) {
    boolean data = stream.header("streamtype").equals("data");
    if ((!data && !stream.header("streamtype").equals("error")) || port(stream).isEmpty()) {
      stream.reset();
      return;
    }
    String request = requestOf(stream, data);
    Pair pair = unpaired.get(request);
    if (pair == null && places.tryAcquire()) {
      pair = awaited(request);
    }
    if (pair == null || (data ? pair.data : pair.error) != null) {
      stream.reset();
      return;
    }
    pair.add(stream, data);
    SpdyStream both = pair.data;
    SpdyStream errors = pair.error;
    if (both != null && errors != null) {
      if (unpaired.remove(request, pair)) {
        pair.whole.complete(null);
        Thread.ofVirtual().name("portforward").start(() -> forward(both, errors));
      } else {
        stream.reset(); // a moment too late
      }
    }
  }

  /// A client that gives no id opens the error stream first and the data stream right behind it.
  private static String requestOf(SpdyStream stream, boolean data) {
    String id = stream.header("requestid");
    return id.isEmpty() ? "stream " + (data ? stream.id() - 2 : stream.id()) : id;
  }

  private Pair awaited(String request) {
    Pair pair = new Pair();
    unpaired.put(request, pair);
    pair.whole
        .orTimeout(PAIR_SECONDS, TimeUnit.SECONDS)
        .exceptionally(
            _ -> {
              // A reset may wait for a client that reads nothing: not on the timers' thread.
              Thread.ofVirtual().name("portforward-late").start(() -> giveUp(request, pair));
              return null;
            });
    return pair;
  }

  private void giveUp(String request, Pair pair) {
    if (unpaired.remove(request, pair)) {
      places.release();
      Optional.ofNullable(pair.data).ifPresent(SpdyStream::reset);
      Optional.ofNullable(pair.error).ifPresent(SpdyStream::reset);
    }
  }

  private static Optional<Integer> port(SpdyStream stream) {
    return port(stream.header("port"));
  }

  static Optional<Integer> port(String text) {
    try {
      return Optional.of(Integer.parseInt(text)).filter(port -> port > 0 && port < 65536);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private void forward(SpdyStream data, SpdyStream error) {
    int port = port(data).orElseThrow();
    try (TunnelStream node = open(port)) {
      between(data, node);
      data.end();
      error.end();
    } catch (IOException e) {
      tell(error, port, String.valueOf(e.getMessage()));
      data.reset();
    } finally {
      places.release();
    }
  }

  private void between(SpdyStream data, TunnelStream node) throws IOException {
    live.add(node);
    try {
      if (over) {
        throw new IOException("the client has gone");
      }
      Thread.ofVirtual().name("portforward-in").start(() -> fromClient(data, node));
      copy(node.body(), data);
    } finally {
      live.remove(node);
    }
  }

  /// Connected, or an exception with what the agent says of it.
  TunnelStream open(int port) throws IOException {
    String path = "/pods/" + pod.namespace() + "/" + pod.name() + "/portforward?port=" + port;
    TunnelStream node = tunnel.open("POST", path, Map.of());
    try {
      if (node.head(HEAD_SECONDS).status() != 200) {
        throw new IOException(
            new String(node.body().readNBytes(LARGEST_TEXT), StandardCharsets.UTF_8).strip());
      }
      return node;
    } catch (IOException e) {
      node.close();
      throw e;
    }
  }

  String failure(int port, String why) {
    return "error forwarding port " + port + " to pod " + pod.name() + ": " + why;
  }

  private static void fromClient(SpdyStream data, TunnelStream node) {
    try {
      for (Optional<byte[]> b = data.receive(); b.isPresent(); b = data.receive()) {
        node.send(b.get(), DATA_MILLIS);
      }
      if (data.isBroken()) {
        node.cancel("the client has gone");
      } else {
        node.end();
      }
    } catch (IOException e) {
      node.cancel(String.valueOf(e.getMessage()));
      data.ignoreInput(); // it must not hold the session's other connections
    }
  }

  private static void copy(InputStream from, SpdyStream to) throws IOException {
    byte[] buffer = new byte[16 * 1024];
    for (int n = from.read(buffer); n >= 0; n = from.read(buffer)) {
      to.send(java.util.Arrays.copyOf(buffer, n));
    }
  }

  private void tell(SpdyStream error, int port, String why) {
    try {
      error.send(failure(port, why).getBytes(StandardCharsets.UTF_8));
      error.end();
    } catch (IOException e) {
      // The client has gone: nobody is left to be told.
    }
  }
}
