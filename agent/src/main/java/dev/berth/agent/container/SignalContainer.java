package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;

/// Third verb: a signal to the container's first process, or to its keeper. The start time is
/// compared first, so that a pid that was given to somebody else is never hit.
final class SignalContainer {
  private final Machine machine;

  SignalContainer(Machine machine) {
    this.machine = machine;
  }

  void signal(Container c, int signal) {
    send(c.pid(), c.pidStart(), signal);
  }

  /// The log was renamed: the keeper opens the path anew.
  void reopenLog(Container c) {
    send(c.keeper(), c.keeperStart(), Linux.SIGHUP);
  }

  /// The keeper holds the container's input no more.
  void dropInput(Container c) {
    send(c.keeper(), c.keeperStart(), Linux.SIGUSR1);
  }

  private void send(int pid, long start, int signal) {
    if (start == 0 || Machine.startTime(pid) != start) {
      return;
    }
    try {
      machine.sys().kill(pid, signal);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }
}
