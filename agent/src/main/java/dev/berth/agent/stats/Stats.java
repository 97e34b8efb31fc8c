package dev.berth.agent.stats;

import dev.berth.agent.cgroup.Usage;
import dev.berth.agent.container.Containers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads control groups and /proc.
///
/// @param node the name below which this agent's groups are
public record Stats(Containers containers, String node) {
  /// A group's name: `NODE/UID/CONTAINER-ATTEMPT`.
  private static final Pattern ATTEMPT = Pattern.compile(".*/([^/]+)-([0-9]{1,9})");

  /// USER_HZ is 100 on every machine that Linux runs on.
  private static final long NANOS_PER_TICK = 10_000_000;

  /// In /proc/stat: idle and waiting for a disk; and guests, which are in user time already.
  private static final int IDLE = 3;

  private static final int IO_WAIT = 4;
  private static final int GUEST = 8;

  /// What a container, or the host, uses.
  ///
  /// @param cpuNanos since its beginning
  /// @param memoryBytes without what the kernel would drop first (the working set)
  public record Use(String name, long cpuNanos, long memoryBytes) {}

  /// Of each container of the pod the newest attempt, if it has processes.
  public List<Use> pod(String uid) {
    Map<String, Integer> newest = new TreeMap<>();
    for (String group : containers.machine().cgroups().list(node + "/" + uid)) {
      Matcher attempt = ATTEMPT.matcher(group);
      if (attempt.matches()) {
        newest.merge(attempt.group(1), Integer.parseInt(attempt.group(2)), Math::max);
      }
    }
    List<Use> all = new ArrayList<>();
    newest.forEach((name, attempt) -> use(uid, name, attempt).ifPresent(all::add));
    return all;
  }

  private Optional<Use> use(String uid, String name, int attempt) {
    String group = node + "/" + uid + "/" + name + "-" + attempt;
    Usage usage = containers.machine().cgroups().existing(group).usage();
    return usage.pids() == 0
        ? Optional.empty()
        : Optional.of(new Use(name, usage.cpuNanos(), usage.memoryBytes()));
  }

  /// The whole host, since it was started.
  public Use host() {
    try {
      long memory = meminfo("MemTotal") - meminfo("MemAvailable");
      String line = Files.readAllLines(Path.of("/proc/stat")).getFirst();
      return new Use(node, busyTicks(line) * NANOS_PER_TICK, memory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// From the line `cpu user nice system idle iowait irq softirq steal guest guest_nice`.
  static long busyTicks(String line) {
    long[] ticks =
        Arrays.stream(line.strip().split(" +", -1)).skip(1).mapToLong(Long::parseLong).toArray();
    long busy = 0;
    for (int i = 0; i < Math.min(GUEST, ticks.length); i++) {
      busy += i == IDLE || i == IO_WAIT ? 0 : ticks[i];
    }
    return busy;
  }

  private static long meminfo(String key) throws IOException {
    return Files.readAllLines(Path.of("/proc/meminfo")).stream()
        .filter(line -> line.startsWith(key + ":"))
        .map(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .max(Comparator.naturalOrder())
        .orElse(0L);
  }
}
