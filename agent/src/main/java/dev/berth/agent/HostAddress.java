package dev.berth.agent;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/// The address by which this host is known: the source of its default route. Nothing is sent to
/// find it.
final class HostAddress {
  private static final String SOMEWHERE = "198.51.100.1"; // reserved for documentation
  private static final int DISCARD = 9;

  private HostAddress() {}

  static String find() {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(new InetSocketAddress(SOMEWHERE, DISCARD));
      InetAddress local = socket.getLocalAddress();
      return local.isAnyLocalAddress() ? "127.0.0.1" : local.getHostAddress();
    } catch (IOException | java.io.UncheckedIOException e) {
      return "127.0.0.1"; // no default route: a host on its own
    }
  }
}
