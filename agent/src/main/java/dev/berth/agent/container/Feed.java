package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.ReentrantLock;

/// The end through which somebody writes into a process: of a pipe, or a terminal's master. It
/// blocks in native code: call from platform threads.
final class Feed {
  private static final long ROOM = 1;
  private static final long HUNG_UP = 2;

  /// TIOCSWINSZ.
  private static final long SET_SIZE = 0x5414;

  private final Syscalls sys;
  private final boolean terminal;
  private final int hungUp;
  private final ReentrantLock lock = new ReentrantLock();
  private int end;

  /// Owns `end`.
  ///
  /// @param end does not block; -1 for a process that reads nothing
  /// @param hungUp readable when nobody wants to write any more
  Feed(Syscalls sys, int end, boolean terminal, int hungUp) {
    this.sys = sys;
    this.end = end;
    this.terminal = terminal;
    this.hungUp = hungUp;
  }

  /// Waits until the process takes it. Dropped when it takes none any more.
  void write(byte[] bytes) {
    lock.lock();
    try {
      int done = 0;
      while (end >= 0 && done < bytes.length) {
        int n = sys.writeSome(end, bytes, done, bytes.length - done);
        done += Math.max(n, 0);
        if (n < 0 && !room()) {
          return;
        }
      }
    } catch (ErrnoException e) {
      if (!e.is(Errno.EPIPE) && !e.is(Errno.EIO)) {
        throw e;
      }
    } finally {
      lock.unlock();
    }
  }

  /// False when nobody wants to write any more.
  private boolean room() {
    int epoll = sys.epollCreate();
    try {
      sys.epollAddWriting(epoll, end, ROOM);
      sys.epollAdd(epoll, hungUp, HUNG_UP);
      return !sys.epollWait(epoll, -1).contains(HUNG_UP);
    } finally {
      sys.close(epoll);
    }
  }

  /// The size of the terminal, in characters.
  void resize(int width, int height) {
    lock.lock();
    try {
      if (terminal && end >= 0) {
        byte[] size =
            ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) height)
                .putShort((short) width)
                .array();
        sys.ioctl(end, SET_SIZE, size);
      }
    } finally {
      lock.unlock();
    }
  }

  /// No more input. A terminal stays open: its end is a character of the input.
  void end() {
    if (!terminal) {
      close();
    }
  }

  void close() {
    lock.lock();
    try {
      if (end >= 0) {
        sys.close(end);
        end = -1;
      }
    } finally {
      lock.unlock();
    }
  }
}
