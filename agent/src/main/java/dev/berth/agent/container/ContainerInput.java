package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What somebody types into a running container (Kubernetes: `stdin`, `tty` and `stdinOnce` of a
/// container, `attach`).
///
/// The container's keeper holds the end of the pipe, or the terminal's master; here is a copy of
/// it, borrowed by pidfd_getfd. So whoever talks may go, and an agent may die, and the container
/// reads on. With `stdinOnce` the keeper gives its end up as soon as the first one has a copy: when
/// that one leaves, or its agent is killed, the container reads the end, and nobody talks to it
/// again. `write`, `resize` and `end` come from one thread, `hangUp` from any; all block in native
/// code: call from platform threads.
public final class ContainerInput implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ContainerInput.class);

  /// TIOCGWINSZ: only a terminal answers.
  private static final long GET_SIZE = 0x5413;

  private final Syscalls sys;
  private final Feed feed;
  private final boolean once;
  private final int hungUp;
  private final int hangUp;
  private final ReentrantLock lock = new ReentrantLock();
  private boolean closed;

  private ContainerInput(
      Syscalls sys, int end, int hungUp, int hangUp, boolean terminal, boolean once) {
    this.sys = sys;
    this.once = once;
    this.hungUp = hungUp;
    this.hangUp = hangUp;
    this.feed = new Feed(sys, end, terminal, hungUp);
  }

  /// Empty when the container's input has ended, or when nobody made one.
  ///
  /// @param once whether it ends with the first one who talks
  static Optional<ContainerInput> open(Machine machine, Container c, Input kind, boolean once) {
    if (kind == Input.NONE) {
      return Optional.empty();
    }
    Syscalls sys = machine.sys();
    boolean terminal = kind == Input.TERMINAL;
    try (Descriptors fds = new Descriptors(sys)) {
      int keeper = fds.own(keeper(machine, c));
      int end = fds.own(sys.copyOf(keeper, terminal ? Compiler.FdPlan.OUT : Compiler.FdPlan.IN));
      if (terminal && !isTerminal(sys, end)) {
        return Optional.empty(); // begun by an agent that made none
      }
      sys.nonBlocking(end);
      int[] pipe = sys.pipe(Linux.O_CLOEXEC);
      int hungUp = fds.own(pipe[0]);
      int hangUp = fds.own(pipe[1]);
      boolean ends = once && !terminal;
      if (ends) {
        new SignalContainer(machine).dropInput(c); // last: from here on it is ours alone
      }
      return Optional.of(
          new ContainerInput(
              sys, fds.release(end), fds.release(hungUp), fds.release(hangUp), terminal, ends));
    } catch (ErrnoException e) {
      if (!e.is(Errno.EBADF)) {
        throw e;
      }
      log.atDebug().addKeyValue("container", c.id()).log("the input has ended");
      return Optional.empty();
    }
  }

  private static int keeper(Machine machine, Container c) {
    int keeper = machine.sys().pidfdOpen(c.keeper());
    if (!Machine.alive(c.keeper(), c.keeperStart())) {
      machine.sys().close(keeper);
      throw new ContainerException("container " + c.id() + " is not running");
    }
    return keeper;
  }

  private static boolean isTerminal(Syscalls sys, int fd) {
    try {
      sys.ioctl(fd, GET_SIZE, new byte[8]);
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /// Waits until the container takes it. Dropped when it takes none any more.
  public void write(byte[] bytes) {
    feed.write(bytes);
  }

  public void resize(int width, int height) {
    feed.resize(width, height);
  }

  /// Who talks has nothing more to say; that ends the container's input only where it is so wished.
  public void end() {
    if (once) {
      feed.end();
    }
  }

  /// `write` returns; also when everything is closed already.
  public void hangUp() {
    lock.lock();
    try {
      if (!closed) {
        sys.write(hangUp, new byte[] {1}, 0, 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Call when nobody writes any more.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      feed.close();
      sys.close(hungUp);
      sys.close(hangUp);
    } finally {
      lock.unlock();
    }
  }
}
