package dev.berth.agent.container;

import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.nio.file.Path;

/// A terminal of a container's own devpts, so that its `/dev/pts` has it (kernel: devpts). Opened
/// below the container's root without following any link, and asked as what it claims to be: a file
/// that somebody put there instead answers no terminal's question.
///
/// @param master the end that is held here
/// @param slave the end for the command
record Terminal(int master, int slave) {
  private static final long UNLOCK = 0x40045431L;
  private static final long PEER = 0x5441;
  private static final int TTY_GROUP = 5;

  static Terminal open(Machine machine, Container c, User owner) {
    try (Descriptors fds = new Descriptors(machine.sys())) {
      return open(machine.sys(), fds.own(root(machine, c)), owner, c, fds);
    }
  }

  private static Terminal open(Syscalls sys, int root, User owner, Container c, Descriptors fds) {
    int flags = Linux.O_RDWR | Linux.O_NOCTTY | Linux.O_CLOEXEC;
    long inside = Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_SYMLINKS;
    try {
      int master = fds.own(sys.openat2(root, "dev/pts/ptmx", flags | Linux.O_NONBLOCK, 0, inside));
      sys.ioctl(master, UNLOCK, new byte[4]);
      int slave = fds.own(sys.ioctl(master, PEER, flags));
      sys.fchown(slave, owner.uid(), TTY_GROUP);
      return new Terminal(fds.release(master), fds.release(slave));
    } catch (ErrnoException e) {
      throw new ContainerException(
          "container " + c.id() + " has no terminals: " + e.getMessage(), e);
    }
  }

  /// Of a container that is still being made this would be the host's own.
  private static int root(Machine machine, Container c) {
    int root = machine.open(Path.of("/proc", Integer.toString(c.pid()), "root"), Linux.O_PATH);
    try {
      AdoptContainers.requireEntered(c);
      return root;
    } catch (ContainerException e) {
      machine.sys().close(root);
      throw e;
    }
  }
}
