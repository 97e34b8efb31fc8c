package dev.berth.agent.container;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.util.ArrayList;
import java.util.List;

/// The descriptors that one start needs, moved to 100 and above so that spawn's dup2 to small
/// numbers overwrites none of them, and closed together.
final class Descriptors implements AutoCloseable {
  private static final int LEAST = 100;
  private final Syscalls sys;
  private final List<Integer> owned = new ArrayList<>();

  Descriptors(Syscalls sys) {
    this.sys = sys;
  }

  int own(int fd) {
    int high = high(sys, fd);
    owned.add(high);
    return high;
  }

  /// An input that has ended, of nobody else's: root in a container may change the mode of whatever
  /// it holds, so it never holds the host's own `/dev/null`.
  int nothing() {
    int[] ends = sys.pipe(Linux.O_CLOEXEC);
    sys.close(ends[1]);
    return own(ends[0]);
  }

  /// The same file under a number that spawn does not use.
  static int high(Syscalls sys, int fd) {
    if (fd >= LEAST) {
      return fd;
    }
    try {
      return sys.duplicate(fd, LEAST);
    } finally {
      sys.close(fd);
    }
  }

  /// Hands a descriptor over to the caller.
  int release(int fd) {
    owned.remove(Integer.valueOf(fd));
    return fd;
  }

  void closeNow(int fd) {
    sys.close(release(fd));
  }

  @Override
  public void close() {
    owned.forEach(sys::close);
    owned.clear();
  }
}
