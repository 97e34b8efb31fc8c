package dev.berth.agent.node;

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

  /// Below a tenth of the disk, at most 10 GiB.
  boolean diskPressure() {
    return diskFreeBytes < Math.min(diskBytes / 10, 10L << 30);
  }

  boolean memoryPressure() {
    return memoryAvailableBytes < Math.min(memoryBytes / 20, 256L << 20);
  }
}
