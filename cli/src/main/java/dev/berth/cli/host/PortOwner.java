package dev.berth.cli.host;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Whether a port is free, and who has it if not.
final class PortOwner {
  private static final String LISTEN = "0A";

  private PortOwner() {}

  static boolean isFree(InetAddress address, int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address, port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /// `nginx (pid 812)`, or `another process` when this user may not know.
  static String of(int port) {
    Set<String> sockets =
        Stream.of("tcp", "tcp6")
            .flatMap(table -> listeners(table, port))
            .collect(Collectors.toSet());
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      return processes
          .filter(path -> path.getFileName().toString().matches("[0-9]+"))
          .filter(path -> holds(path, sockets))
          .findFirst()
          .flatMap(PortOwner::name)
          .orElse("another process");
    } catch (IOException e) {
      return "another process";
    }
  }

  private static Stream<String> listeners(String table, int port) {
    String suffix = String.format(":%04X", port);
    try {
      return Files.readAllLines(Path.of("/proc/net/" + table)).stream()
          .map(line -> line.strip().split("\\s+"))
          .filter(words -> words.length > 9 && words[1].endsWith(suffix) && words[3].equals(LISTEN))
          .map(words -> "socket:[" + words[9] + "]");
    } catch (IOException e) {
      return Stream.empty();
    }
  }

  private static boolean holds(Path process, Set<String> sockets) {
    try (Stream<Path> files = Files.list(process.resolve("fd"))) {
      return files.anyMatch(file -> target(file).filter(sockets::contains).isPresent());
    } catch (IOException e) {
      return false;
    }
  }

  private static Optional<String> target(Path file) {
    try {
      return Optional.of(Files.readSymbolicLink(file).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> name(Path process) {
    try {
      return Optional.of(
          Files.readString(process.resolve("comm")).strip()
              + " (pid "
              + process.getFileName()
              + ")");
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
