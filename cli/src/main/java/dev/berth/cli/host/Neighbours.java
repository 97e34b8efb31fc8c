package dev.berth.cli.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Other Berths of this network namespace. There can be one: bridge, table and addresses have fixed
/// names. The processes themselves are asked (/proc), so nothing is left behind when one dies.
final class Neighbours {
  private static final String MAIN = "dev.berth.cli.Main";
  private static final Set<String> HALVES = Set.of("up", "controller", "agent");

  /// Another server process: which half it runs, where its data is, and whether it may ask a
  /// registry outside.
  record Neighbour(long pid, String half, Path dataDir, boolean offline) {
    boolean conflictsWith(String mine) {
      return half.equals("up") || mine.equals("up") || half.equals(mine);
    }
  }

  private Neighbours() {}

  /// The one that was here first. Two that start at once see each other: the older one goes on.
  static Optional<Neighbour> olderThanMe(String half) {
    long me = ProcessHandle.current().pid();
    long born = PidFile.startTicks(me).orElse(Long.MAX_VALUE);
    return all().stream()
        .filter(
            other ->
                other.pid() != me && other.conflictsWith(half) && isOlder(other.pid(), me, born))
        .findFirst();
  }

  static List<Neighbour> all() {
    List<Neighbour> found = new ArrayList<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      Optional<String> home = namespace("self");
      processes
          .map(path -> path.getFileName().toString())
          .filter(
              name -> name.matches("[0-9]+") && home.isPresent() && namespace(name).equals(home))
          .forEach(pid -> read(pid).ifPresent(found::add));
    } catch (IOException e) {
      return found;
    }
    return found;
  }

  private static boolean isOlder(long pid, long me, long born) {
    long other = PidFile.startTicks(pid).orElse(Long.MAX_VALUE);
    return other < born || (other == born && pid < me);
  }

  private static Optional<String> namespace(String pid) {
    try {
      return Optional.of(Files.readSymbolicLink(Path.of("/proc", pid, "ns", "net")).toString());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Neighbour> read(String pid) {
    List<String> words = strings(pid, "cmdline");
    int main = words.indexOf(MAIN);
    if (main < 0
        || main + 1 >= words.size()
        || !HALVES.contains(words.get(main + 1))
        || words.contains("--detach")) {
      return Optional.empty();
    }
    Path dir = dataDir(words.subList(main + 1, words.size()), strings(pid, "environ"));
    Path home = Path.of("/proc", pid, "cwd");
    return Optional.of(
        new Neighbour(
            Long.parseLong(pid),
            words.get(main + 1),
            absolute(home, dir),
            words.contains("--offline")));
  }

  static Path dataDir(List<String> words, List<String> env) {
    for (int i = 0; i < words.size(); i++) {
      if (words.get(i).equals("--data-dir") && i + 1 < words.size()) {
        return Path.of(words.get(i + 1));
      }
      if (words.get(i).startsWith("--data-dir=")) {
        return Path.of(words.get(i).substring("--data-dir=".length()));
      }
    }
    return env.stream()
        .filter(
            entry ->
                entry.startsWith("BERTH_DATA_DIR=") && entry.length() > "BERTH_DATA_DIR=".length())
        .map(entry -> Path.of(entry.substring("BERTH_DATA_DIR=".length())))
        .findFirst()
        .orElse(Settings.DEFAULT_DATA_DIR);
  }

  /// As `--data-dir` is read by every verb: without `.` and `..`.
  static Path absolute(Path cwd, Path dir) {
    try {
      return dir.isAbsolute() ? dir.normalize() : cwd.toRealPath().resolve(dir).normalize();
    } catch (IOException e) {
      return dir;
    }
  }

  private static List<String> strings(String pid, String file) {
    try {
      return List.of(
          new String(Files.readAllBytes(Path.of("/proc", pid, file)), StandardCharsets.UTF_8)
              .split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }
}
