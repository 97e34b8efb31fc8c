package dev.berth.controller;

import dev.berth.api.Cidr;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// What this host and this server are called.
final class HostNames {
  private HostNames() {}

  /// The lower-case host name, remembered: a renamed host stays the same node.
  static String nodeName(Path dataDir) throws IOException {
    Path file = dataDir.resolve("node-name");
    if (!Files.exists(file)) {
      Files.writeString(file, hostName() + "\n");
    }
    return Files.readString(file).strip();
  }

  private static String hostName() throws IOException {
    Path kernel = Path.of("/proc/sys/kernel/hostname");
    String name = Files.exists(kernel) ? Files.readString(kernel).strip() : localHost();
    String valid =
        name.toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9.-]", "-")
            .replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    return valid.isEmpty() ? "node" : valid;
  }

  private static String localHost() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "node";
    }
  }

  /// Every name and address under which clients may reach the API.
  static List<String> serverNames(ControllerConfig config) throws IOException {
    Set<String> names =
        new LinkedHashSet<>(
            List.of(
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local",
                "localhost",
                "127.0.0.1",
                clusterAddress(config),
                hostName()));
    names.addAll(addresses());
    names.addAll(config.extraSans());
    return new ArrayList<>(names);
  }

  /// Of the Service under which pods find the API.
  static String clusterAddress(ControllerConfig config) {
    return config.serviceCidr().nth(1);
  }

  /// The address under which other hosts reach this server: the one that it listens on, or that of
  /// the way out of this host. Empty when it listens on the loopback device only, or there is no
  /// other.
  static Optional<String> advertised(ControllerConfig config) {
    InetAddress bound = new InetSocketAddress(config.bindAddress(), 0).getAddress();
    if (bound == null || !bound.isAnyLocalAddress()) {
      return Optional.ofNullable(bound)
          .filter(address -> !address.isLoopbackAddress())
          .map(InetAddress::getHostAddress);
    }
    return towardsTheWorld().or(() -> anyAddress(config.podCidr()));
  }

  /// A datagram socket that is connected knows its own address by the routes; nothing is sent. The
  /// other side is an address that documents use (RFC 5737) and that no host has.
  private static Optional<String> towardsTheWorld() {
    try (DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET)) {
      channel.connect(new InetSocketAddress("192.0.2.1", 9));
      return channel.getLocalAddress() instanceof InetSocketAddress own
              && !own.getAddress().isLoopbackAddress()
          ? Optional.of(own.getAddress().getHostAddress())
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /// The bridge of our own pods leads nowhere from elsewhere.
  private static Optional<String> anyAddress(Cidr pods) {
    try {
      return addresses().stream()
          .filter(address -> !address.startsWith("127.") && !pods.contains(address))
          .findFirst();
    } catch (SocketException e) {
      return Optional.empty();
    }
  }

  private static List<String> addresses() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLinkLocalAddress() && address.getAddress().length == 4)
        .map(InetAddress::getHostAddress)
        .toList();
  }
}
