package dev.berth.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// The CPU of everything in a control group and below it, also of what has ended: whoever forks
/// twice, as podman does, pays here all the same.
final class CpuAccount {
  private static final Path MOUNT = Path.of("/sys/fs/cgroup");

  private final Path file;
  private final ToDoubleFunction<String> seconds;

  private CpuAccount(Path file, ToDoubleFunction<String> seconds) {
    this.file = file;
    this.seconds = seconds;
  }

  /// @param group below `berth`, as `deploy/bench` has made it
  static CpuAccount of(String group) {
    for (String mount : List.of("cpuacct", "cpu,cpuacct")) {
      Path v1 = MOUNT.resolve(mount).resolve("berth").resolve(group).resolve("cpuacct.usage");
      if (Files.exists(v1)) {
        return new CpuAccount(v1, text -> Long.parseLong(text.strip()) / 1e9);
      }
    }
    return new CpuAccount(
        MOUNT.resolve("berth").resolve(group).resolve("cpu.stat"), CpuAccount::statSeconds);
  }

  /// Of version 2's `cpu.stat`.
  static double statSeconds(String text) {
    return text.lines()
        .filter(line -> line.startsWith("usage_usec "))
        .mapToDouble(line -> Long.parseLong(line.substring("usage_usec ".length())) / 1e6)
        .sum();
  }

  /// Used since the group was made.
  double seconds() {
    try {
      return seconds.applyAsDouble(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException("no account of the CPU; run deploy/bench as root", e);
    }
  }
}
