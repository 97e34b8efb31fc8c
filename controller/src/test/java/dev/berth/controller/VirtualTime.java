package dev.berth.controller;

import dev.berth.controller.reconcile.TaskRunner;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.function.BooleanSupplier;

/// One thread, one queue, one seed: tasks run in the order of their virtual time, and those that
/// are due together in an order that the seed decides.
final class VirtualTime implements TaskRunner {
  private static final int JITTER_MICROS = 3_000;

  private final Random random;
  private final PriorityQueue<Task> tasks =
      new PriorityQueue<>(Comparator.comparing(Task::at).thenComparingLong(Task::order));
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private int ran;

  private static final class Task implements Timer {
    private final Instant at;
    private final long order;
    private final Runnable work;
    private boolean cancelled;

    Task(Instant at, long order, Runnable work) {
      this.at = at;
      this.order = order;
      this.work = work;
    }

    Instant at() {
      return at;
    }

    long order() {
      return order;
    }

    @Override
    public void cancel() {
      cancelled = true;
    }
  }

  VirtualTime(Random random) {
    this.random = random;
  }

  @Override
  public Instant now() {
    return now;
  }

  @Override
  public void run(Runnable task) {
    after(Duration.ofNanos(random.nextInt(JITTER_MICROS) * 1_000L), task);
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Task planned = new Task(now.plus(delay), random.nextLong(), task);
    tasks.add(planned);
    return planned;
  }

  /// Runs what is due within the span; virtual time then stands at its end.
  void advance(Duration span) {
    Instant end = now.plus(span);
    while (!tasks.isEmpty() && !tasks.peek().at().isAfter(end)) {
      Task task = tasks.poll();
      now = task.at();
      if (!task.cancelled) {
        ran++;
        task.work.run();
      }
    }
    now = end;
  }

  /// True when the condition came to hold within the span.
  boolean eventually(Duration span, BooleanSupplier condition) {
    Instant end = now.plus(span);
    while (now.isBefore(end) && !condition.getAsBoolean()) {
      advance(Duration.ofSeconds(1));
    }
    return condition.getAsBoolean();
  }

  int tasksRun() {
    return ran;
  }
}
