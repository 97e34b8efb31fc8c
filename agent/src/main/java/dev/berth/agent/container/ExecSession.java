package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/// A command in a container whose input and output somebody holds, with or without a terminal.
///
/// `pump` runs on the caller's thread until the command has ended and what it wrote is handed over;
/// it blocks while the receiver does, so that a slow receiver slows the command. `write`, `resize`
/// and `endInput` come from one other thread, `hangUp` from any. All block in native code: call
/// from platform threads.
///
/// A command does not outlive whoever talks to it: when `close` finds it running, its terminal
/// hangs up, or it gets SIGHUP; when it has ended, or after two seconds, its whole session is
/// killed.
public final class ExecSession implements AutoCloseable {
  private static final long OUT = 1;
  private static final long ERR = 2;
  private static final long ENDED = 3;
  private static final long HUNG_UP = 4;
  private static final int PIECE = 32 * 1024;

  private static final long GRACE_SECONDS = 2;

  /// A pipe holds no more unless it was made larger; what processes that the command left behind
  /// write on and on is not waited for.
  private static final int LARGEST_REST = 1 << 20;

  private final Machine machine;
  private final Syscalls sys;
  private final Path state;
  private final Launch.Pids pids;
  private final ProcessSession session;
  private final boolean terminal;
  private final OpenSession.Ends ends;
  private final Feed feed;
  private boolean outOpen = true;
  private boolean errOpen;
  private boolean reaped;
  private final ReentrantLock closing = new ReentrantLock();
  private boolean closed;

  /// Takes one piece of output; `false` means that nobody wants more.
  public interface Output {
    boolean take(boolean error, byte[] bytes) throws IOException;
  }

  ExecSession(
      Machine machine, Path state, Launch.Pids pids, boolean terminal, OpenSession.Ends ends) {
    this.machine = machine;
    this.sys = machine.sys();
    this.state = state;
    this.pids = pids;
    this.session = ProcessSession.of(pids.child());
    this.terminal = terminal;
    this.ends = ends;
    this.feed = new Feed(sys, ends.in(), terminal, ends.hungUp());
    this.errOpen = ends.err() >= 0;
  }

  // ---- output

  /// Hands over the output until the command has ended; its exit code, -1 when the receiver left or
  /// hung up before.
  public int pump(Output output) throws IOException {
    int ended = sys.pidfdOpen(pids.keeper());
    int epoll = sys.epollCreate();
    try {
      sys.epollAdd(epoll, ends.out(), OUT);
      if (errOpen) {
        sys.epollAdd(epoll, ends.err(), ERR);
      }
      sys.epollAdd(epoll, ended, ENDED);
      sys.epollAdd(epoll, ends.hungUp(), HUNG_UP);
      if (!handOver(epoll, output)) {
        return -1;
      }
    } finally {
      sys.close(epoll);
      sys.close(ended);
    }
    sys.waitFor(pids.keeper(), true);
    reaped = true;
    return StateFile.exit(state).map(x -> ExitStatus.parse(x, false).code()).orElse(-1);
  }

  private boolean handOver(int epoll, Output output) throws IOException {
    while (true) {
      List<Long> ready = sys.epollWait(epoll, -1);
      if (ready.contains(HUNG_UP)
          || (ready.contains(OUT) && !next(epoll, false, output))
          || (ready.contains(ERR) && !next(epoll, true, output))) {
        return false;
      }
      if (ready.contains(ENDED)) {
        return rest(false, output) && rest(true, output);
      }
    }
  }

  /// One piece; an output that has ended is asked no more. False when nobody wants it.
  private boolean next(int epoll, boolean error, Output output) throws IOException {
    byte[] buffer = new byte[PIECE];
    int n = read(error, buffer);
    if (n == 0) {
      sys.epollRemove(epoll, error ? ends.err() : ends.out());
      outOpen &= error;
      errOpen &= !error;
    }
    return n <= 0 || output.take(error, Arrays.copyOf(buffer, n));
  }

  /// What the command had written when it ended.
  private boolean rest(boolean error, Output output) throws IOException {
    byte[] buffer = new byte[PIECE];
    boolean wanted = true;
    int n = PIECE;
    for (int all = 0; wanted && n > 0 && all < LARGEST_REST; all += n) {
      n = (error ? errOpen : outOpen) ? read(error, buffer) : 0;
      wanted = n <= 0 || output.take(error, Arrays.copyOf(buffer, n));
    }
    return wanted;
  }

  /// 0 at the end, which a terminal whose other side is closed calls EIO; -1 when there is nothing
  /// now.
  private int read(boolean error, byte[] buffer) {
    try {
      return sys.read(error ? ends.err() : ends.out(), buffer);
    } catch (ErrnoException e) {
      if (e.is(Errno.EIO)) {
        return 0;
      }
      throw e;
    }
  }

  // ---- input

  /// Input for the command; waits until it takes it. Dropped when it takes none any more.
  public void write(byte[] bytes) {
    feed.write(bytes);
  }

  /// No more input. A terminal stays open: its end is a character of the input.
  public void endInput() {
    feed.end();
  }

  /// The size of the terminal, in characters.
  public void resize(int width, int height) {
    feed.resize(width, height);
  }

  /// Nobody listens any more: `pump` and `write` return. Also when everything is closed already:
  /// the descriptor's number may be another's by then.
  public void hangUp() {
    closing.lock();
    try {
      if (!closed) {
        sys.write(ends.hangUp(), new byte[] {1}, 0, 1);
      }
    } finally {
      closing.unlock();
    }
  }

  // ---- the end

  /// Call when `pump` is over and nobody calls but `hangUp`. Takes two seconds for a command that
  /// runs on.
  @Override
  public void close() {
    // Whom the leader leaves behind is known as long as it is there: its terminal's end may be its
    // own.
    List<ProcessHandle> members = reaped ? List.of() : session.members();
    closeEnds();
    if (!reaped) {
      end(members);
    }
    DeleteContainer.tree(state);
  }

  private void closeEnds() {
    closing.lock();
    try {
      closed = true;
      feed.close();
      if (!terminal) {
        sys.close(ends.out());
      }
      if (ends.err() >= 0) {
        sys.close(ends.err());
      }
      sys.close(ends.hungUp());
      sys.close(ends.hangUp());
    } finally {
      closing.unlock();
    }
  }

  private void end(List<ProcessHandle> members) {
    if (!terminal && !members.isEmpty()) {
      signal();
    }
    machine.hasEnded(pids.keeper(), System.nanoTime() + TimeUnit.SECONDS.toNanos(GRACE_SECONDS));
    members.forEach(ProcessHandle::destroyForcibly);
    session.kill();
    sys.waitFor(pids.keeper(), true);
  }

  private void signal() {
    try {
      sys.kill(session.leader(), Linux.SIGHUP);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e;
      }
    }
  }
}
