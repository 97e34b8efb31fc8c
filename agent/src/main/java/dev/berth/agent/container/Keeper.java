package dev.berth.agent.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// A keeper as /proc shows it: what is known of a container when no file tells. Its arguments name
/// the container, its descriptor 5 is the state directory, its one child is the container's first
/// process. All of that has been so since the first agent, so that keepers of every version are
/// found.
///
/// @param state the state directory as it was named when the keeper began; somebody may have
///   removed it since
public record Keeper(int pid, long start, String id, Path state) {
  private static final String NAME = "berth-keeper\0";

  /// How the state directories of commands begin.
  static final String COMMAND = "exec";

  private static final Path PROC = Path.of("/proc");
  private static final Duration CLONE = Duration.ofSeconds(5);

  /// Those of containers; a keeper of a command inside a container has a directory below the
  /// container's and is left out.
  static List<Keeper> all() {
    return every().stream().filter(k -> !k.isOfCommand()).toList();
  }

  /// Those of commands inside the container with this state directory.
  static List<Keeper> ofCommands(Path dir) {
    return every().stream().filter(k -> k.isOfCommand() && k.below(dir)).toList();
  }

  private boolean isOfCommand() {
    return String.valueOf(state.getFileName()).startsWith(COMMAND);
  }

  private static List<Keeper> every() {
    try (Stream<Path> processes = Files.list(PROC)) {
      return processes.flatMap(p -> read(p).stream()).toList();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException("cannot list processes", e);
    }
  }

  private static Optional<Keeper> read(Path process) {
    String pid = String.valueOf(process.getFileName());
    if (!Character.isDigit(pid.charAt(0))) {
      return Optional.empty();
    }
    try {
      if (!trusted(process)) {
        return Optional.empty();
      }
      String line =
          Files.readString(
              process.resolve("cmdline"), java.nio.charset.StandardCharsets.ISO_8859_1);
      if (!line.startsWith(NAME)) {
        return Optional.empty();
      }
      String dir = Files.readSymbolicLink(stateLink(process)).toString();
      Path state = Path.of(dir.replaceFirst(" \\(deleted\\)$", ""));
      return Optional.of(
          new Keeper(
              Integer.parseInt(pid),
              Machine.startTime(Integer.parseInt(pid)),
              line.substring(NAME.length()).replace("\0", ""),
              state));
    } catch (IOException | RuntimeException e) {
      return Optional.empty(); // it ended while we looked, or calls itself what it is not
    }
  }

  /// A container's process can call itself as it likes and open what it likes, but lives in another
  /// pid namespace; so does no keeper, and it runs as root.
  private static boolean trusted(Path process) throws IOException {
    Path own = Files.readSymbolicLink(PROC.resolve("self/ns/pid"));
    return Integer.valueOf(0).equals(Files.getAttribute(process, "unix:uid"))
        && Files.readSymbolicLink(process.resolve("ns/pid")).equals(own);
  }

  private static Path stateLink(Path process) {
    return process.resolve("fd").resolve(Integer.toString(Compiler.FdPlan.STATE));
  }

  /// Whether its state directory is, or was, below this one; links on the way do not matter.
  public boolean below(Path dir) {
    return state.startsWith(real(dir));
  }

  /// The name of the state directory's ancestor right below this one, when it is below it.
  public Optional<String> nameBelow(Path dir) {
    Path real = real(dir);
    return state.startsWith(real) && state.getNameCount() > real.getNameCount()
        ? Optional.of(state.getName(real.getNameCount()).toString())
        : Optional.empty();
  }

  /// As the kernel names it, also when it is gone.
  private static Path real(Path dir) {
    try {
      return dir.toRealPath();
    } catch (IOException e) {
      Path parent = dir.toAbsolutePath().getParent();
      return parent == null ? dir : real(parent).resolve(dir.getFileName());
    }
  }

  public boolean alive() {
    return Machine.alive(pid, start);
  }

  /// Whether it will write its exit file here, and not into a directory of the same name that was
  /// there before.
  boolean keeps(Path dir) {
    try {
      return Files.isSameFile(stateLink(PROC.resolve(Integer.toString(pid))), dir);
    } catch (IOException e) {
      return false;
    }
  }

  /// The container's first process. A keeper that has just begun is waited for; none when it has
  /// ended or is about to.
  Optional<ProcessHandle> child() {
    long end = System.nanoTime() + CLONE.toNanos();
    while (alive() && System.nanoTime() < end) {
      Optional<ProcessHandle> child =
          ProcessHandle.of(pid).stream().flatMap(ProcessHandle::children).findFirst();
      if (child.isPresent()) {
        return child;
      }
      LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
    }
    return Optional.empty();
  }

  /// The container that it keeps, as far as processes tell.
  public Optional<Container> container(Path dir, String cgroup) {
    return child()
        .map(
            c ->
                new Container(
                    id,
                    dir,
                    cgroup,
                    (int) c.pid(),
                    Machine.startTime(c.pid()),
                    pid,
                    start,
                    c.info().startInstant().orElse(java.time.Instant.EPOCH)));
  }

  /// The group of the container's first process, as a name below `berth`; empty when it has not
  /// entered one.
  public Optional<String> cgroup() {
    List<String> groups = new ArrayList<>();
    child().ifPresent(c -> groups.addAll(groups(PROC.resolve(Long.toString(c.pid())))));
    return groups.stream().findFirst();
  }

  private static List<String> groups(Path process) {
    try (Stream<String> lines = Files.lines(process.resolve("cgroup"))) {
      return lines
          .filter(l -> l.contains(":/berth/"))
          .map(l -> l.substring(l.indexOf(":/berth/") + ":/berth/".length()))
          .toList();
    } catch (IOException | java.io.UncheckedIOException e) {
      return List.of();
    }
  }
}
