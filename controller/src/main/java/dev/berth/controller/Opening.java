package dev.berth.controller;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A part that is opened on a thread of its own while its owner makes others.
///
/// Whoever takes it owns it. One that nobody took, because another part failed meanwhile, is
/// closed.
final class Opening<T extends AutoCloseable> implements AutoCloseable {
  private final FutureTask<T> task;
  private boolean taken;

  /// How the part is opened.
  interface Opener<T> {
    T open() throws IOException;
  }

  private Opening(FutureTask<T> task) {
    this.task = task;
  }

  /// @param name of the thread
  static <T extends AutoCloseable> Opening<T> of(String name, Opener<T> opener) {
    FutureTask<T> task = new FutureTask<>(opener::open);
    Thread.ofPlatform().name(name).start(task);
    return new Opening<>(task);
  }

  /// Waits for the part.
  ///
  /// @throws IOException what the opener threw
  T take() throws IOException {
    T part = result();
    taken = true;
    return part;
  }

  private T result() throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw rethrown(e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException rethrown(ExecutionException e) {
    if (e.getCause() instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof IOException failed
        ? failed
        : new IOException(String.valueOf(e.getMessage()), e);
  }

  @Override
  public void close() throws IOException {
    if (!taken) {
      closeUntaken();
    }
  }

  private void closeUntaken() throws IOException {
    T part;
    try {
      part = result();
    } catch (IOException | RuntimeException e) {
      // Its owner failed already, and says why.
      return;
    }
    try {
      part.close();
    } catch (Exception e) {
      throw new IOException("a part that was not needed any more did not close: " + e, e);
    }
  }
}
