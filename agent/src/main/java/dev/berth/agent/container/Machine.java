package dev.berth.agent.container;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Objects;

/// What every verb needs: the kernel, the cgroup hierarchies, the helper on disk, the time.
public record Machine(Syscalls sys, Cgroups cgroups, Path helper, InstantSource clock) {
  private static final String HELPER = "init-x86_64";

  /// Unpacks the helper below `lib`. A running one cannot be overwritten (ETXTBSY), so a new file
  /// takes its name.
  public static Machine prepare(Syscalls sys, Cgroups cgroups, Path lib, InstantSource clock) {
    Path helper = lib.resolve("init");
    try (InputStream in =
        Objects.requireNonNull(Machine.class.getResourceAsStream(HELPER), HELPER)) {
      byte[] wanted = in.readAllBytes();
      Files.createDirectories(lib);
      if (!Files.exists(helper) || !java.util.Arrays.equals(Files.readAllBytes(helper), wanted)) {
        Path fresh = Files.createTempFile(lib, "init", ".new");
        Files.write(fresh, wanted);
        Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.move(
            fresh, helper, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot unpack the container helper to " + helper, e);
    }
    return new Machine(sys, cgroups, helper, clock);
  }

  int open(Path path, int flags) {
    return sys.openat(Linux.AT_FDCWD, path.toString(), flags | Linux.O_CLOEXEC, 0);
  }

  /// Field 22 of /proc/PID/stat, in clock ticks since boot; 0 when there is no such process.
  static long startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[19]);
    } catch (IOException e) {
      return 0;
    }
  }
}
