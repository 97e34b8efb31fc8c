package dev.berth.agent.network;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.api.Cidr;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a sandbox's directory remembers, and how it is learned again when the files are damaged:
/// the namespace knows its address, and the host's route to that address names the link.
final class SandboxFiles {
  private static final Logger log = LoggerFactory.getLogger(SandboxFiles.class);
  private static final String LINK = "bv[0-9a-z]+x[0-9a-z]+";
  private static final Path ROUTES = Path.of("/proc/thread-self/net/route");
  private static final Path LOCAL = Path.of("/proc/thread-self/net/fib_trie");

  private SandboxFiles() {}

  static void write(Sandbox sandbox) throws IOException {
    Files.writeString(sandbox.dir().resolve("address"), sandbox.address());
    Files.writeString(sandbox.dir().resolve("link"), sandbox.link());
  }

  /// As an agent wrote it; empty when a file is missing or is not what one writes.
  static Optional<Sandbox> read(Path dir) {
    try {
      String address = text(dir.resolve("address"));
      String link = text(dir.resolve("link"));
      return Cidr.address(address).isPresent() && link.matches(LINK)
          ? Optional.of(new Sandbox(dir, address, link))
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String text(Path file) throws IOException {
    return new String(Files.readAllBytes(file), java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  /// Every directory here, readable or not.
  static List<Path> directories(Path root) {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(root)) {
      return entries.filter(Files::isDirectory).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Enough of one to destroy it: without its link that goes with the namespace.
  static Sandbox remains(Path dir) {
    return read(dir).orElseGet(() -> new Sandbox(dir, "", ""));
  }

  /// Asks the kernel and writes the files anew; empty when the namespaces are gone too.
  static Optional<Sandbox> learn(Syscalls sys, Path dir, Cidr subnet) {
    Optional<Sandbox> found =
        SandboxPool.KINDS.stream().allMatch(kind -> mounted(dir, kind))
            ? addresses(sys, dir).stream()
                .filter(a -> Cidr.address(a).isPresent() && subnet.contains(a))
                .flatMap(a -> link(a).map(l -> new Sandbox(dir, a, l)).stream())
                .findFirst()
            : Optional.empty();
    try {
      if (found.isPresent()) {
        write(found.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write what " + dir + " is", e);
    }
    log.atWarn()
        .addKeyValue("dir", dir)
        .addKeyValue("address", found.map(Sandbox::address).orElse(""))
        .log("a pod's network was not written down");
    return found;
  }

  /// A namespace's file is on the kernel's own file system while it is mounted.
  private static boolean mounted(Path dir, String kind) {
    try {
      Object own = Files.getAttribute(dir.resolve(kind), "unix:dev");
      return !own.equals(Files.getAttribute(dir, "unix:dev"));
    } catch (IOException e) {
      return false;
    }
  }

  private static List<String> addresses(Syscalls sys, Path dir) {
    List<String> found = new ArrayList<>();
    Thread visitor =
        Thread.ofPlatform() // thrown away: it stays in the namespace
            .name("sandbox-visitor")
            .start(
                () -> {
                  int fd =
                      sys.openat(
                          Linux.AT_FDCWD,
                          dir.resolve("net").toString(),
                          Linux.O_RDONLY | Linux.O_CLOEXEC,
                          0);
                  try {
                    sys.setns(fd, Linux.CLONE_NEWNET);
                    found.addAll(local(Files.readAllLines(LOCAL)));
                  } catch (IOException | RuntimeException e) {
                    log.atWarn().addKeyValue("dir", dir).setCause(e).log("cannot look inside");
                  } finally {
                    sys.close(fd);
                  }
                });
    try {
      visitor.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found;
  }

  /// The addresses of a namespace itself, as the kernel prints its table: a line with the address,
  /// then one that says that it is local.
  static List<String> local(List<String> table) {
    List<String> found = new ArrayList<>();
    String last = "";
    for (String line : table) {
      if (line.strip().startsWith("|-- ")) {
        last = line.strip().substring(4);
      } else if (line.contains("/32 host LOCAL") && !last.startsWith("127.")) {
        found.add(last);
      }
    }
    return found.stream().distinct().toList();
  }

  private static Optional<String> link(String address) {
    try {
      return link(Files.readAllLines(ROUTES), address);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read this host's routes", e);
    }
  }

  /// The link of a route to this one address: name, then destination in the machine's byte order,
  /// and in the eighth column the mask.
  static Optional<String> link(List<String> routes, String address) {
    String wanted =
        "%08X".formatted(Integer.reverseBytes((int) Cidr.address(address).orElseThrow()));
    return routes.stream()
        .map(line -> line.split("\\s+", -1))
        .filter(f -> f.length > 7 && f[1].equals(wanted) && f[7].equals("FFFFFFFF"))
        .map(f -> f[0])
        .filter(name -> name.matches(LINK))
        .findFirst();
  }
}
