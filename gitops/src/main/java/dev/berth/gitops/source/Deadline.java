package dev.berth.gitops.source;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jgit.lib.EmptyProgressMonitor;
import org.eclipse.jgit.lib.ProgressMonitor;

/// Ends a question to a server after a time, however the server answers: a limit on its silence
/// does not do that where it sends a byte now and then. The question has a virtual thread of its
/// own, since an interrupt takes only those out of a socket, by closing it; what computes asks
/// [#MONITOR].
final class Deadline {
  static final ProgressMonitor MONITOR = new Interrupted();

  private Deadline() {}

  interface Question<T> {
    T ask() throws SourceException;
  }

  /// @throws SourceException also where there is no answer within `most`; the question has ended
  ///   then too, since it writes to a clone
  static <T> T within(Duration most, GitUrl url, Question<T> question)
      throws SourceException, InterruptedException {
    FutureTask<T> task = new FutureTask<>(question::ask);
    Thread thread = Thread.ofVirtual().name("git-ask").start(task);
    try {
      return task.get(most.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new SourceException(
          SourceException.TOO_SLOW,
          url.text()
              + " has not come to an end within "
              + most.toSeconds()
              + " s, the most that one connection may take: look at the server and the way to it,"
              + " or keep large files out of Git",
          e);
    } catch (ExecutionException e) {
      throw failure(Objects.requireNonNullElse(e.getCause(), e));
    } finally {
      thread.interrupt();
      thread.join();
    }
  }

  private static SourceException failure(Throwable cause) {
    return switch (cause) {
      case SourceException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new IllegalStateException(cause);
    };
  }

  private static final class Interrupted extends EmptyProgressMonitor {
    @Override
    public boolean isCancelled() {
      return Thread.currentThread().isInterrupted();
    }
  }
}
