package dev.berth.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The three files that tell a pod who it is and whom to ask; they lie in the sandbox's directory
/// and are bound into each container.
public final class PodFiles {
  private PodFiles() {}

  public static void write(Sandbox sandbox, String hostname, String namespace, String nameServer) {
    try {
      Files.writeString(sandbox.dir().resolve("hostname"), hostname + "\n");
      Files.writeString(
          sandbox.dir().resolve("hosts"),
          "127.0.0.1\tlocalhost\n" + sandbox.address() + "\t" + hostname + "\n");
      Files.writeString(sandbox.dir().resolve("resolv.conf"), resolvConf(namespace, nameServer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String resolvConf(String namespace, String nameServer) {
    String search =
        namespace + ".svc." + DnsZone.DOMAIN + " svc." + DnsZone.DOMAIN + " " + DnsZone.DOMAIN;
    return "search " + search + "\nnameserver " + nameServer + "\noptions ndots:5\n";
  }

  /// The host's own name servers, for all that is not ours.
  public static List<String> hostNameServers() {
    try {
      return Files.readAllLines(Path.of("/etc/resolv.conf")).stream()
          .filter(l -> l.startsWith("nameserver "))
          .map(l -> l.substring(11).strip())
          .filter(a -> !a.contains(":"))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
