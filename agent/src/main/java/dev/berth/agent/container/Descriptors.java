package dev.berth.agent.container;

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
    int high = fd;
    if (fd < LEAST) {
      high = sys.duplicate(fd, LEAST);
      sys.close(fd);
    }
    owned.add(high);
    return high;
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
