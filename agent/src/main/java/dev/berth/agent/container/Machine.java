package dev.berth.agent.container;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// What every verb needs: the kernel, the cgroup hierarchies, the helper, the time.
///
/// @param helper descriptor of the helper: a sealed file in memory, so that a container that gets
///   hold of the program it was started by (`/proc/PID/exe`) holds nothing that can be written or
///   that a later start would run from the disk
public record Machine(Syscalls sys, Cgroups cgroups, int helper, InstantSource clock) {
  private static final String HELPER = "init-x86_64";

  /// Copies the helper into memory, once for this machine; it lives as long as this process.
  ///
  /// @param lib where an older agent kept the helper as a file, which goes
  public static Machine prepare(Syscalls sys, Cgroups cgroups, Path lib, InstantSource clock) {
    try (InputStream in =
        Objects.requireNonNull(Machine.class.getResourceAsStream(HELPER), HELPER)) {
      Files.deleteIfExists(lib.resolve("init"));
      int helper = Descriptors.high(sys, memory(sys));
      sys.pwrite(helper, in.readAllBytes(), 0);
      sys.seal(helper);
      return new Machine(sys, cgroups, helper, clock);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot prepare the container helper", e);
    }
  }

  /// Kernels before 6.3 know no MFD_EXEC and make every such file executable.
  private static int memory(Syscalls sys) {
    int flags = Linux.MFD_CLOEXEC | Linux.MFD_ALLOW_SEALING;
    try {
      return sys.memfdCreate("berth-helper", flags | Linux.MFD_EXEC);
    } catch (ErrnoException e) {
      if (!e.is(Errno.EINVAL)) {
        throw e;
      }
      return sys.memfdCreate("berth-helper", flags);
    }
  }

  /// The path by which a child of this process executes the helper.
  String program() {
    return "/proc/self/fd/" + helper;
  }

  int open(Path path, int flags) {
    return sys.openat(Linux.AT_FDCWD, path.toString(), flags | Linux.O_CLOEXEC, 0);
  }

  /// Waits until there is something to read, or a process has ended, by [System#nanoTime]; false
  /// when time is up before. Blocks in native code.
  boolean readable(int fd, long deadline) {
    int epoll = sys.epollCreate();
    try {
      sys.epollAdd(epoll, fd, 1);
      while (true) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (!sys.epollWait(epoll, Math.clamp(left + 1, 0, Integer.MAX_VALUE)).isEmpty()) {
          return true;
        }
        if (left <= 0) {
          return false;
        }
      }
    } finally {
      sys.close(epoll);
    }
  }

  /// Waits for the end of a child, by [System#nanoTime]; false when time is up. Blocks in native
  /// code.
  boolean hasEnded(int child, long deadline) {
    int process;
    try {
      process = sys.pidfdOpen(child);
    } catch (ErrnoException e) {
      if (e.is(Errno.ESRCH)) {
        return true; // and somebody has reaped it, who watches all that end
      }
      throw e;
    }
    try {
      return readable(process, deadline);
    } finally {
      sys.close(process);
    }
  }

  /// Field 22 of /proc/PID/stat, in clock ticks since boot; 0 when there is no such process.
  static long startTime(long pid) {
    String[] stat = stat(pid);
    return stat.length == 0 ? 0 : Long.parseLong(stat[19]);
  }

  /// Whether this process is there and has not ended: one that only waits for its parent has.
  static boolean alive(long pid, long start) {
    String[] stat = stat(pid);
    return start != 0 && stat.length > 0 && !stat[0].equals("Z") && stat[19].equals("" + start);
  }

  /// The session that this process belongs to, by its leader's pid; 0 when it is gone.
  static long session(long pid) {
    String[] stat = stat(pid);
    return stat.length == 0 ? 0 : Long.parseLong(stat[3]);
  }

  /// From field 3, the state, on; empty when there is no such process.
  private static String[] stat(long pid) {
    try {
      Path file = Path.of("/proc", Long.toString(pid), "stat");
      String stat = Files.readString(file, StandardCharsets.ISO_8859_1); // it names itself
      return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    } catch (IOException e) {
      return new String[0];
    }
  }
}
