package dev.berth.agent.network;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/// The three files that tell a pod who it is and whom to ask; they lie in the sandbox's directory
/// and are bound into each container.
public final class PodFiles {
  private PodFiles() {}

  public static void write(Sandbox sandbox, String hostname, String namespace, String nameServer) {
    write(sandbox, hostname, namespace, nameServer, List.of());
  }

  /// The same, with entries of the pod's own.
  ///
  /// @param aliases further addresses, each with its names, as words of one line
  public static void write(
      Sandbox sandbox,
      String hostname,
      String namespace,
      String nameServer,
      List<List<String>> aliases) {
    try {
      write(sandbox.dir().resolve("hostname"), hostname + "\n");
      write(
          sandbox.dir().resolve("hosts"),
          "127.0.0.1\tlocalhost\n"
              + sandbox.address()
              + "\t"
              + hostname
              + "\n"
              + aliases.stream()
                  .map(words -> String.join("\t", words) + "\n")
                  .collect(Collectors.joining()));
      write(sandbox.dir().resolve("resolv.conf"), resolvConf(namespace, nameServer));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// In place, for containers see the file itself; and not at all when it is so already.
  private static void write(Path file, String text) throws IOException {
    byte[] wanted = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    if (!isSo(file, wanted)) {
      Files.write(file, wanted);
    }
  }

  /// Containers of an earlier version could write there: a file of another size is not read at all.
  private static boolean isSo(Path file, byte[] wanted) throws IOException {
    return Files.exists(file)
        && Files.size(file) == wanted.length
        && Arrays.equals(Files.readAllBytes(file), wanted);
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
