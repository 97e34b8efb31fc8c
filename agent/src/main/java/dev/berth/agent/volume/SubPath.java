package dev.berth.agent.volume;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// A path inside a volume that a container may have shaped: every step goes by descriptor and is
/// resolved below the volume's root, so that a link ends inside whatever it says, also when
/// somebody swaps it meanwhile (CVE-2017-1002101, CVE-2021-25741). The start of the container
/// resolves the path once more in the same way and mounts that descriptor.
final class SubPath {
  private static final long INSIDE = Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS;
  private static final long RESOLVE_NO_SYMLINKS = 0x04;
  private final Syscalls sys;
  private final Path volume;

  SubPath(Syscalls sys, Path volume) {
    this.sys = sys;
    this.volume = volume;
  }

  /// Why this text is no path inside a volume, if it is none.
  static Optional<String> refusal(String path) {
    if (path.startsWith("/")) {
      return Optional.of("must be relative");
    }
    boolean leads = Arrays.asList(path.split("/", -1)).contains("..");
    return leads ? Optional.of("must not contain '..'") : Optional.empty();
  }

  /// Whether it is a directory; empty when nothing is there.
  Optional<Boolean> isDirectory(String path) {
    int root = root();
    try {
      int fd = sys.openat2(root, path, Linux.O_PATH | Linux.O_CLOEXEC, 0, INSIDE);
      try {
        return sys.lstatat(fd, "").map(s -> s.type() == Linux.S_IFDIR);
      } finally {
        sys.close(fd);
      }
    } catch (ErrnoException e) {
      if (e.is(Errno.ENOENT)) {
        return Optional.empty();
      }
      throw e;
    } finally {
      sys.close(root);
    }
  }

  /// Makes the directories that are missing, with these permissions.
  void make(String path, int mode) {
    String done = ".";
    int root = root();
    try {
      for (String part : path.split("/", -1)) {
        if (!part.isEmpty() && !part.equals(".")) {
          make(root, done, part, mode);
          done = done + "/" + part;
        }
      }
    } finally {
      sys.close(root);
    }
  }

  private void make(int root, String parent, String name, int mode) {
    int flags = Linux.O_PATH | Linux.O_DIRECTORY | Linux.O_CLOEXEC;
    int dir = sys.openat2(root, parent, flags, 0, INSIDE);
    try {
      sys.mkdirat(dir, name, mode);
      int made = sys.openat2(dir, name, flags, 0, Linux.RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS);
      try {
        // by the descriptor: the name may be another's by now, and this process has a umask
        sys.fchmodat(Linux.AT_FDCWD, "/proc/self/fd/" + made, mode);
      } finally {
        sys.close(made);
      }
    } catch (ErrnoException e) {
      if (!e.is(Errno.EEXIST)) {
        throw e;
      }
    } finally {
      sys.close(dir);
    }
  }

  private int root() {
    int flags = Linux.O_PATH | Linux.O_DIRECTORY | Linux.O_CLOEXEC;
    return sys.openat(Linux.AT_FDCWD, volume.toString(), flags, 0);
  }
}
