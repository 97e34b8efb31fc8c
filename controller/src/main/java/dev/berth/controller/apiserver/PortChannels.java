package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.MessageSocket;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Port-forward over a WebSocket's channels (`v4.channel.k8s.io` with `?ports=`), as clients
/// outside of Go do it: one connection for each port, channel 2i its bytes and 2i + 1 what went
/// wrong, and the first message of each is the port in two bytes, the low one first.
final class PortChannels {
  private static final int MOST_PORTS = 32;
  private static final long DATA_MILLIS = TimeUnit.DAYS.toMillis(1);

  private final PortForward forward;
  private final MessageSocket socket;
  private final List<Connection> connections = new ArrayList<>();

  /// A port and the stream of the node that leads there; none where it could not be reached.
  private record Connection(int port, Optional<TunnelStream> node) {}

  PortChannels(PortForward forward, MessageSocket socket) {
    this.forward = forward;
    this.socket = socket;
  }

  /// @throws ApiException `BadRequest` when none is asked for, or something that is none
  static List<Integer> ports(HttpExchange exchange) {
    List<Integer> ports = new ArrayList<>();
    for (String list : exchange.queryAll("ports")) {
      for (String text : list.split(",", -1)) {
        ports.add(
            PortForward.port(text)
                .orElseThrow(
                    () ->
                        new ApiException(
                            new ApiError.BadRequest("ports: \"" + text + "\" is not a port"))));
      }
    }
    if (ports.isEmpty() || ports.size() > MOST_PORTS) {
      throw new ApiException(
          new ApiError.BadRequest("query parameter \"ports\" is required: 1 to 32 of them"));
    }
    return ports;
  }

  /// Returns when the client has gone.
  void serve(List<Integer> ports) throws IOException {
    try {
      for (int port : ports) {
        connect(port);
      }
      for (Optional<byte[]> m = socket.receive(); m.isPresent(); m = socket.receive()) {
        fromClient(m.get());
      }
    } finally {
      connections.forEach(c -> c.node().ifPresent(TunnelStream::close));
    }
  }

  private void connect(int port) throws IOException {
    int channel = connections.size() * 2;
    byte[] number = {(byte) port, (byte) (port >> 8)};
    socket.sendBinary(message(channel, number));
    socket.sendBinary(message(channel + 1, number));
    try {
      TunnelStream node = forward.open(port);
      connections.add(new Connection(port, Optional.of(node)));
      Thread.ofVirtual().name("portforward").start(() -> fromNode(channel, port, node));
    } catch (IOException e) {
      connections.add(new Connection(port, Optional.empty()));
      tell(channel + 1, port, e);
    }
  }

  private void fromNode(int channel, int port, TunnelStream node) {
    try (InputStream body = node.body()) {
      byte[] buffer = new byte[16 * 1024];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        socket.sendBinary(message(channel, Arrays.copyOf(buffer, n)));
      }
      if (connections.size() == 1) {
        socket.close(); // nothing else tells this client that its only connection has ended
      }
    } catch (IOException e) {
      tell(channel + 1, port, e);
    }
  }

  private void fromClient(byte[] message) {
    int channel = message.length == 0 ? 1 : message[0] & 0xff;
    if (channel % 2 == 1 || channel / 2 >= connections.size()) {
      return;
    }
    Connection to = connections.get(channel / 2);
    if (to.node().isPresent()) {
      try {
        to.node().get().send(Arrays.copyOfRange(message, 1, message.length), DATA_MILLIS);
      } catch (IOException e) {
        tell(channel + 1, to.port(), e);
      }
    }
  }

  private void tell(int channel, int port, IOException why) {
    try {
      String text = forward.failure(port, String.valueOf(why.getMessage()));
      socket.sendBinary(message(channel, text.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      // The client has gone: nobody is left to be told.
    }
  }

  private static byte[] message(int channel, byte[] bytes) {
    byte[] message = new byte[bytes.length + 1];
    message[0] = (byte) channel;
    System.arraycopy(bytes, 0, message, 1, bytes.length);
    return message;
  }
}
