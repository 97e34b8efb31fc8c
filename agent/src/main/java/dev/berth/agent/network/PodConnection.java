package dev.berth.agent.network;

import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/// A connection to a port on a pod's own loopback address. A socket belongs to the network
/// namespace of the thread that made it, and to no thread afterwards.
final class PodConnection {
  private static final int CONNECT_MILLIS = 10_000;

  private PodConnection() {}

  static SocketChannel open(Syscalls sys, Path box, int port)
      throws IOException, InterruptedException {
    return InNamespace.run(sys, box, List.of("net"), () -> connect(port));
  }

  /// A server may listen on one of the two alone; what the first says is told.
  private static SocketChannel connect(int port) throws IOException {
    try {
      return connect(StandardProtocolFamily.INET, "127.0.0.1", port);
    } catch (ConnectException refused) {
      try {
        return connect(StandardProtocolFamily.INET6, "::1", port);
      } catch (IOException | UnsupportedOperationException e) {
        throw refused;
      }
    }
  }

  private static SocketChannel connect(StandardProtocolFamily family, String loopback, int port)
      throws IOException {
    SocketChannel socket = SocketChannel.open(family);
    try {
      InetAddress address = InetAddress.ofLiteral(loopback);
      socket.socket().connect(new InetSocketAddress(address, port), CONNECT_MILLIS);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
