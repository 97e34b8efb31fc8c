package dev.berth.controller.reconcile;

import java.time.Duration;
import java.time.Instant;

/// Where and when the work of controllers runs. Nothing in a reconciler starts a thread or reads a
/// clock by itself, so that the simulation can order everything from one seed.
public interface TaskRunner {
  Instant now();

  /// Runs the task soon, after this call has returned or beside it.
  void run(Runnable task);

  /// Runs the task once, when `delay` has passed.
  Timer after(Duration delay, Runnable task);

  /// A task that has not run yet.
  interface Timer {
    void cancel();
  }
}
