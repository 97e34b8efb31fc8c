package dev.berth.agent.pod;

import dev.berth.agent.container.Keeper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What this host still holds of one container of a pod, by attempt, when nobody remembers: each of
/// state directory, keeper, control group and log may be there without the others.
///
/// @param remains attempts of which something has to be adopted or removed, newest first
/// @param logged attempts that have written something, newest first
record Traces(List<Integer> remains, List<Integer> logged) {
  static Traces of(PodContext pod, Tracked t) {
    PodHost host = pod.host;
    String uid = pod.spec.uid();
    TreeSet<Integer> remains = new TreeSet<>(Comparator.reverseOrder());
    Attempts.newestFirst(pod.stateDir(t)).stream().map(Attempts::number).forEach(remains::add);
    Stream.concat(
            host.containers().keepers().stream().map(Keeper::id),
            host.containers().machine().cgroups().list(host.node() + "/" + uid).stream()
                .map(g -> g.replaceFirst("^.*/" + uid + "/", uid + "-")))
        .map(id -> attempt(id, uid + "-" + t.name + "-"))
        .flatMapToInt(OptionalInt::stream)
        .forEach(remains::add);
    return new Traces(List.copyOf(remains), logged(pod, t));
  }

  static OptionalInt attempt(String id, String prefix) {
    String number = id.startsWith(prefix) ? id.substring(prefix.length()) : "";
    return number.matches("[0-9]{1,9}")
        ? OptionalInt.of(Integer.parseInt(number))
        : OptionalInt.empty();
  }

  private static List<Integer> logged(PodContext pod, Tracked t) {
    Path dir = pod.logFile(t, 0).resolveSibling("");
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(dir)) {
      return files
          .filter(f -> String.valueOf(f.getFileName()).matches("[0-9]{1,9}\\.log"))
          .filter(f -> f.toFile().length() > 0)
          .map(f -> Integer.parseInt(String.valueOf(f.getFileName()).replace(".log", "")))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All of them, newest first.
  List<Integer> newestFirst() {
    TreeSet<Integer> all = new TreeSet<>(Comparator.reverseOrder());
    all.addAll(remains);
    all.addAll(logged);
    return List.copyOf(all);
  }
}
