package dev.berth.hardening;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The containers of one node, from the kernel alone: the control group (pod uid, container,
/// attempt) of each first process, with its pid and start time, so that a restarted one differs.
record RunningContainers(Map<String, String> processes) {
  private static final Pattern FIRST = Pattern.compile("\nNSpid:\t[0-9\t]*\t1\n");

  static RunningContainers of(String node) {
    Pattern group = Pattern.compile("/berth/" + Pattern.quote(node) + "/(\\S+)");
    Map<String, String> found = new TreeMap<>();
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      processes
          .filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .forEach(
              process -> {
                Matcher named = group.matcher(Lab.text(process.resolve("cgroup")));
                if (named.find() && FIRST.matcher(Lab.text(process.resolve("status"))).find()) {
                  found.put(named.group(1), process.getFileName() + " " + startTime(process));
                }
              });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new RunningContainers(found);
  }

  private static String startTime(Path process) {
    String stat = Lab.text(process.resolve("stat"));
    return stat.isEmpty() ? "" : stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19];
  }

  int size() {
    return processes.size();
  }

  /// Of these, the ones that run now.
  RunningContainers still(RunningContainers now) {
    Map<String, String> both = new TreeMap<>(now.processes);
    both.keySet().retainAll(processes.keySet());
    return new RunningContainers(both);
  }

  RunningContainers without(RunningContainers others) {
    Map<String, String> rest = new TreeMap<>(processes);
    rest.keySet().removeAll(others.processes.keySet());
    return new RunningContainers(rest);
  }

  /// Pods of which two containers run.
  List<String> twice() {
    Map<String, Integer> count = new TreeMap<>();
    processes.keySet().forEach(group -> count.merge(group.split("/", -1)[0], 1, Integer::sum));
    return count.entrySet().stream().filter(e -> e.getValue() > 1).map(Map.Entry::getKey).toList();
  }
}
