package dev.berth.agent.volume;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// Memory that is mounted for volumes, as the kernel tells of it: found without any memory of ours.
public final class VolumeLeftovers {
  /// By this name our mounts are known.
  static final String SOURCE = "berth-volume";

  private VolumeLeftovers() {}

  /// Unmounts all volumes below this directory, and says which; a container that uses one keeps it
  /// until it ends.
  public static List<String> unmount(Syscalls sys, Path root) {
    List<String> mounts = mounts(root);
    mounts.forEach(m -> sys.unmount(m, Linux.MNT_DETACH));
    return mounts;
  }

  /// All that are mounted on this machine.
  public static List<String> all() {
    try {
      return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
          .map(line -> line.split(" ", 3))
          .filter(fields -> fields[0].equals(SOURCE))
          .map(fields -> fields[1].replace("\\040", " "))
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static List<String> mounts(Path root) {
    return all().stream().filter(m -> m.startsWith(root + "/")).toList();
  }
}
