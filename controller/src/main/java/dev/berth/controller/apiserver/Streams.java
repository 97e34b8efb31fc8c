package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.controller.http.ByteSocket;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.MessageSocket;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.spdy.SpdySession;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.node.ObjectNode;

/// Exec, attach and port-forward: a client's WebSocket or SPDY connection joined to streams of the
/// node's tunnel.
///
/// Exec and attach have the channels of a WebSocket (`v4.channel.k8s.io`, `v5.channel.k8s.io`), or
/// the streams of a SPDY connection, which [SpdyChannels] shows as the same. A message of the
/// client is one byte that names the channel, then its bytes: 0 stdin, 1 stdout, 2 stderr, 3 the
/// final Status, 4 the size of the terminal, 255 (v5 only) closes the channel that it names. On the
/// tunnel the same are records: channel, length as four bytes, payload.
public final class Streams {
  static final String V5 = "v5.channel.k8s.io";
  static final String V4 = "v4.channel.k8s.io";

  /// What the server offers, in its own order of liking; the client's order decides.
  static final List<String> PROTOCOLS = List.of(V5, V4, PortForward.TUNNELED);

  static final String SPDY = "SPDY/3.1";
  private static final String VERSION = "X-Stream-Protocol-Version";
  private static final String FORWARD = "portforward";
  private static final Set<String> SUBRESOURCES = Set.of("exec", "attach", FORWARD);
  private static final long PATIENCE_SECONDS = 60;
  // A program may leave its input unread for long: whoever types into it waits.
  private static final long STDIN_MILLIS = TimeUnit.DAYS.toMillis(1);
  private static final int LARGEST_RECORD = 64 * 1024;

  private final Resources resources;
  private final NodeTunnels tunnels;
  private final InstantSource clock;

  public Streams(Resources resources, NodeTunnels tunnels, InstantSource clock) {
    this.resources = resources;
    this.tunnels = tunnels;
    this.clock = clock;
  }

  static boolean isStream(ApiPath path) {
    return SUBRESOURCES.contains(path.subresource());
  }

  void handle(HttpExchange exchange, ApiPath path) throws IOException {
    ObjectNode pod = resources.get(path.type(), path.key()).tree();
    boolean forward = path.subresource().equals(FORWARD);
    if (!exchange.isWebSocket() && !isSpdy(exchange)) {
      throw new ApiException(
          new ApiError.BadRequest(
              path.subresource()
                  + " needs a WebSocket with the protocol "
                  + (forward ? PortForward.TUNNELED : V5)
                  + " or "
                  + V4
                  + ", or an upgrade to "
                  + SPDY));
    }
    Tunnel tunnel = tunnels.require(nodeOf(pod));
    if (forward) {
      forward(exchange, new PortForward(tunnel, path));
    } else {
      execute(exchange, path, tunnel);
    }
  }

  private static boolean isSpdy(HttpExchange exchange) {
    return exchange.header("Upgrade").map(SPDY::equalsIgnoreCase).orElse(false);
  }

  private void execute(HttpExchange exchange, ApiPath path, Tunnel tunnel) throws IOException {
    boolean spdy = isSpdy(exchange);
    if (spdy) {
      requireOffered(exchange, SpdyChannels.PROTOCOL);
    }
    String query = exchange.queryString().isEmpty() ? "" : "?" + exchange.queryString();
    String target =
        "/pods/" + path.namespace() + "/" + path.name() + "/" + path.subresource() + query;
    try (TunnelStream stream = tunnel.open("POST", target, Map.of())) {
      requireBegun(stream);
      try (MessageSocket socket = spdy ? spdyChannels(exchange) : exchange.webSocket()) {
        join(socket, stream);
      }
    }
  }

  private MessageSocket spdyChannels(HttpExchange exchange) throws IOException {
    int wanted = 1;
    for (String name : List.of("stdin", "stdout", "stderr", "tty")) {
      wanted += ListQueries.flag(exchange, name) ? 1 : 0;
    }
    boolean both = ListQueries.flag(exchange, "tty") && ListQueries.flag(exchange, "stderr");
    // A terminal has one output, so nobody opens a stream for the other.
    return new SpdyChannels(
        upgraded(exchange, SpdyChannels.PROTOCOL), both ? wanted - 1 : wanted, clock);
  }

  private static SpdySession upgraded(HttpExchange exchange, String protocol) throws IOException {
    return SpdySession.over(exchange.upgrade(SPDY, Map.of(VERSION, protocol)));
  }

  private static void requireOffered(HttpExchange exchange, String protocol) {
    List<String> offered =
        exchange.headerAll(VERSION).stream()
            .flatMap(line -> Arrays.stream(line.split(",", -1)))
            .map(String::strip)
            .toList();
    if (!offered.contains(protocol)) {
      throw new ApiException(
          new ApiError.Forbidden(
              "unable to upgrade: unable to negotiate protocol: client supports "
                  + offered
                  + ", server accepts ["
                  + protocol
                  + "]"));
    }
  }

  private static void forward(HttpExchange exchange, PortForward forward) throws IOException {
    if (isSpdy(exchange)) {
      requireOffered(exchange, PortForward.PROTOCOL);
      try (SpdySession session = upgraded(exchange, PortForward.PROTOCOL)) {
        forward.serve(session);
      }
      return;
    }
    boolean tunneled =
        exchange.headerAll("Sec-WebSocket-Protocol").stream()
            .anyMatch(line -> line.contains(PortForward.TUNNELED));
    List<Integer> ports = tunneled ? List.of() : PortChannels.ports(exchange);
    try (MessageSocket socket = exchange.webSocket()) {
      if (socket.protocol().equals(PortForward.TUNNELED)) {
        try (SpdySession session = SpdySession.over(ByteSocket.over(socket))) {
          forward.serve(session);
        }
      } else {
        new PortChannels(forward, socket).serve(ports);
      }
    }
  }

  private static String nodeOf(ObjectNode pod) {
    String node = Json.text(pod, "spec", "nodeName");
    if (node.isEmpty()) {
      throw new ApiException(
          new ApiError.BadRequest("pod " + Json.name(pod) + " does not have a host assigned"));
    }
    return node;
  }

  /// What the agent refuses is said in its words, before anything was upgraded.
  private static void requireBegun(TunnelStream stream) throws IOException {
    TunnelStream.Head head;
    try {
      head = stream.head(PATIENCE_SECONDS);
    } catch (IOException e) {
      throw new ApiException(new ApiError.ServiceUnavailable(String.valueOf(e.getMessage())), e);
    }
    if (head.status() == 200) {
      return;
    }
    String text =
        new String(stream.body().readNBytes(LARGEST_RECORD), StandardCharsets.UTF_8).strip();
    throw new ApiException(
        switch (head.status()) {
          case 400 -> new ApiError.BadRequest(text);
          case 404 -> new ApiError.NotFound(text);
          default -> new ApiError.InternalError(text);
        });
  }

  private static void join(MessageSocket socket, TunnelStream stream) throws IOException {
    Thread.ofVirtual().name("stream-in").start(() -> fromClient(socket, stream));
    try (DataInputStream records = new DataInputStream(stream.body())) {
      while (true) {
        Optional<byte[]> message = message(records);
        if (message.isEmpty()) {
          return;
        }
        socket.sendBinary(message.get());
      }
    }
  }

  /// One record as the message that it becomes; empty at the end.
  static Optional<byte[]> message(DataInputStream records) throws IOException {
    int channel = records.read();
    if (channel < 0) {
      return Optional.empty();
    }
    int length = records.readInt();
    if (length < 0 || length > LARGEST_RECORD) {
      throw new IOException("a record of " + length + " bytes");
    }
    byte[] message = new byte[length + 1];
    message[0] = (byte) channel;
    if (records.readNBytes(message, 1, length) < length) {
      throw new EOFException("a record was cut short");
    }
    return Optional.of(message);
  }

  private static void fromClient(MessageSocket socket, TunnelStream stream) {
    try {
      for (Optional<byte[]> m = socket.receive(); m.isPresent(); m = socket.receive()) {
        send(stream, m.get());
      }
      stream.cancel("the client has gone");
    } catch (IOException e) {
      // The agent ended the stream: the other thread tells the client.
      stream.cancel(String.valueOf(e.getMessage()));
    }
  }

  /// An empty message names no channel, and one with a channel alone carries nothing: clients of v4
  /// open channels so.
  private static void send(TunnelStream stream, byte[] message) throws IOException {
    for (int at = 1; at < message.length; at += LARGEST_RECORD) {
      int length = Math.min(LARGEST_RECORD, message.length - at);
      stream.send(record(message[0], Arrays.copyOfRange(message, at, at + length)), STDIN_MILLIS);
    }
  }

  static byte[] record(byte channel, byte[] payload) {
    return ByteBuffer.allocate(5 + payload.length)
        .put(channel)
        .putInt(payload.length)
        .put(payload)
        .array();
  }
}
