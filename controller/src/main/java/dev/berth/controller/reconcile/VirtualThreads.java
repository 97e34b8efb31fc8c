package dev.berth.controller.reconcile;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Production's runner: a virtual thread per task, one timer thread that only hands over.
public final class VirtualThreads implements TaskRunner, AutoCloseable {
  private final InstantSource clock;
  private final ExecutorService tasks =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("reconcile-", 0).factory());
  private final ScheduledExecutorService timer;

  public VirtualThreads(InstantSource clock) {
    this.clock = clock;
    ScheduledThreadPoolExecutor scheduled =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("reconcile-timer").daemon().factory());
    scheduled.setRemoveOnCancelPolicy(true);
    scheduled.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    this.timer = scheduled;
  }

  @Override
  public Instant now() {
    return clock.instant();
  }

  @Override
  public void run(Runnable task) {
    try {
      tasks.execute(task);
    } catch (RejectedExecutionException e) {
      // Closed: what is left undone is found again from the store at the next start.
    }
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    try {
      Future<?> pending = timer.schedule(() -> run(task), delay.toMillis(), TimeUnit.MILLISECONDS);
      return () -> pending.cancel(false);
    } catch (RejectedExecutionException e) {
      return () -> {};
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
    tasks.shutdown();
    try {
      if (!tasks.awaitTermination(5, TimeUnit.SECONDS)) {
        tasks.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
