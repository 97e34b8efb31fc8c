package dev.berth.controller;

import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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
                config.serviceCidr().nth(1),
                hostName()));
    names.addAll(addresses());
    names.addAll(config.extraSans());
    return new ArrayList<>(names);
  }

  private static List<String> addresses() throws SocketException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> !address.isLinkLocalAddress() && address.getAddress().length == 4)
        .map(InetAddress::getHostAddress)
        .toList();
  }
}
