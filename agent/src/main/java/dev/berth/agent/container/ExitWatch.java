package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// One platform thread that sleeps in epoll on the pidfds of all keepers. A keeper ends after it
/// has written the exit file, so its end is the event; callbacks run on this thread and must be
/// short.
final class ExitWatch implements AutoCloseable {
  private record Watched(int pidfd, int pid, Runnable ended) {}

  private final Syscalls sys;
  private final int epoll;
  private final int[] stop;
  private final Thread thread;
  private final AtomicLong tags = new AtomicLong(1);
  private final Map<Long, Watched> watched = new ConcurrentHashMap<>();

  ExitWatch(Syscalls sys) {
    this.sys = sys;
    this.epoll = sys.epollCreate();
    this.stop = sys.pipe(Linux.O_CLOEXEC);
    sys.epollAdd(epoll, stop[0], 0);
    this.thread = Thread.ofPlatform().name("exit-watch").daemon().start(this::run);
  }

  /// Calls `ended` once, at once when the keeper is gone already.
  void watch(int keeper, Runnable ended) {
    int pidfd;
    try {
      pidfd = sys.pidfdOpen(keeper);
    } catch (ErrnoException e) {
      if (!e.is(Errno.ESRCH)) {
        throw e; // out of descriptors, say: it is not known to have ended
      }
      ended.run();
      return;
    }
    long tag = tags.getAndIncrement();
    watched.put(tag, new Watched(pidfd, keeper, ended));
    try {
      sys.epollAdd(epoll, pidfd, tag);
    } catch (ErrnoException e) { // it is asked again, with a descriptor of its own
      watched.remove(tag);
      sys.close(pidfd);
      throw e;
    }
  }

  private void run() {
    while (true) {
      for (long tag : sys.epollWait(epoll, -1)) {
        if (tag == 0) {
          return;
        }
        Watched gone = watched.remove(tag);
        if (gone != null) {
          sys.close(gone.pidfd()); // closing takes it out of the set
          sys.waitFor(gone.pid(), false); // reaps it when it is our child
          gone.ended().run();
        }
      }
    }
  }

  @Override
  public void close() {
    sys.write(stop[1], new byte[] {1}, 0, 1);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    watched.values().forEach(w -> sys.close(w.pidfd()));
    sys.close(stop[0]);
    sys.close(stop[1]);
    sys.close(epoll);
  }
}
