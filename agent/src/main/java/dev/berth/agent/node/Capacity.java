package dev.berth.agent.node;

import dev.berth.agent.diagnosis.ExitCause;
import dev.berth.api.Quantity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the host has. Some memory stays with the host itself: a fifth, at most 512 MiB.
public record Capacity(
    int cpus, long memoryBytes, long diskBytes, long diskFreeBytes, long memoryAvailableBytes) {
  private static final long MAX_RESERVED = 512L << 20;
  static final int PODS = 110;

  public static Capacity read(Path dataDir) {
    try {
      FileStore disk = Files.getFileStore(dataDir);
      return new Capacity(
          Runtime.getRuntime().availableProcessors(),
          meminfo("MemTotal"),
          disk.getTotalSpace(),
          disk.getUsableSpace(),
          meminfo("MemAvailable"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long meminfo(String key) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
      if (line.startsWith(key + ":")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }

  long allocatableMemory() {
    return memoryBytes - Math.min(MAX_RESERVED, memoryBytes / 5);
  }

  /// How much of a resource pods may have together.
  public Quantity allocatable(String resource) {
    return switch (resource) {
      case "cpu" -> Quantity.of(cpus);
      case "memory" -> Quantity.ofBytes(allocatableMemory());
      case "ephemeral-storage" -> Quantity.ofBytes(diskBytes);
      default -> Quantity.ZERO;
    };
  }

  /// One resource of the host: how much is left, of how much, and below what it is short.
  record Left(long free, long total, long threshold) {
    boolean isShort() {
      return free < threshold;
    }

    /// Rounded to units, so that a condition is not written anew with every byte.
    String text(String place) {
      return ExitCause.bytes(free)
          + " of "
          + ExitCause.bytes(total)
          + " available"
          + place
          + ", threshold "
          + ExitCause.bytes(threshold);
    }
  }

  /// Short below a tenth of the disk, at most 10 GiB.
  Left disk() {
    return new Left(diskFreeBytes, diskBytes, Math.min(diskBytes / 10, 10L << 30));
  }

  Left memory() {
    return new Left(memoryAvailableBytes, memoryBytes, Math.min(memoryBytes / 20, 256L << 20));
  }

  /// Another answer than before to a question that schedulers ask.
  boolean otherPressure(Capacity before) {
    return disk().isShort() != before.disk().isShort()
        || memory().isShort() != before.memory().isShort();
  }
}
