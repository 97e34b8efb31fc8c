package dev.berth.controller.reconcile;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// Runs one reconciler: every added key leads to a later call, failures are tried again with
/// growing pauses, and one place decides what is logged and what becomes an event.
public final class ReconcileLoop {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);
  private static final int QUIET_FAILURES = 4;

  private final String name;
  private final ResourceType type;
  private final Cluster cluster;
  private final Reconciler reconciler;
  private final TaskRunner runner;
  private final WorkQueue<ObjectKey> queue = new WorkQueue<>();
  private final Map<ObjectKey, Integer> failures = new HashMap<>();
  private final Map<ObjectKey, Wake> wakes = new HashMap<>();
  private final Map<ObjectKey, Past> past = new HashMap<>();
  private volatile boolean stopped;

  private record Wake(Instant at, TaskRunner.Timer timer) {}

  private record Past(Instant lastRun, String lastError) {}

  /// @param name what the loop is called where it is looked at
  public ReconcileLoop(
      String name, ResourceType type, Cluster cluster, TaskRunner runner, Reconciler reconciler) {
    this.name = name;
    this.type = type;
    this.cluster = cluster;
    this.runner = runner;
    this.reconciler = reconciler;
  }

  public void add(ObjectKey key) {
    if (queue.add(key)) {
      runner.run(this::step);
    }
  }

  public void stop() {
    stopped = true;
  }

  private void step() {
    Optional<ObjectKey> taken = stopped ? Optional.empty() : queue.take();
    if (taken.isEmpty()) {
      return;
    }
    ObjectKey key = taken.get();
    try {
      Result result = reconcile(key);
      remember(key, result);
      settle(key, result);
    } finally {
      if (queue.done(key)) {
        runner.run(this::step);
      }
    }
  }

  private Result reconcile(ObjectKey key) {
    MDC.put("kind", type.kind());
    MDC.put("object", key.toString());
    try {
      cluster.refresh();
      return reconciler.reconcile(key);
    } catch (ApiException e) {
      return afterRefusal(e);
    } catch (RuntimeException e) {
      LOG.atError()
          .addKeyValue("kind", type.kind())
          .addKeyValue("object", key)
          .setCause(e)
          .log("a reconcile failed through a bug");
      return new Result.Retry(e.toString());
    } finally {
      MDC.clear();
    }
  }

  /// A lost race is no news: the next round starts from what is there then.
  private static Result afterRefusal(ApiException e) {
    return switch (e.error()) {
      case ApiError.Invalid invalid -> new Result.Stalled("Invalid", invalid.message());
      case ApiError.Forbidden forbidden -> new Result.Stalled("Forbidden", forbidden.message());
      default -> new Result.Retry(e.error().message());
    };
  }

  private void settle(ObjectKey key, Result result) {
    switch (result) {
      case Result.Done _ -> forget(key);
      case Result.RequeueAfter(Duration delay) -> {
        forget(key);
        addAfter(key, delay);
      }
      case Result.Retry(String why) -> addAfter(key, pause(key, why));
      case Result.Stalled(String reason, String message) -> {
        forget(key);
        cluster.tell(type, key, reason, message);
      }
    }
  }

  /// Only of objects that are there: the memory must not grow with all that ever was.
  private synchronized void remember(ObjectKey key, Result result) {
    String error =
        switch (result) {
          case Result.Retry(String why) -> why;
          case Result.Stalled(String reason, String message) -> reason + ": " + message;
          case Result.Done _, Result.RequeueAfter _ -> "";
        };
    if (error.isEmpty() && cluster.find(type, key).isEmpty()) {
      past.remove(key);
    } else {
      past.put(key, new Past(runner.now(), error));
    }
  }

  public ResourceType type() {
    return type;
  }

  /// What is known of the object in this loop.
  public synchronized Trace trace(ObjectKey key) {
    Optional<Past> before = Optional.ofNullable(past.get(key));
    return new Trace(
        name,
        key,
        state(key),
        failures.getOrDefault(key, 0),
        before.map(Past::lastError).orElse(""),
        before.map(Past::lastRun),
        Optional.ofNullable(wakes.get(key)).map(Wake::at));
  }

  private Trace.State state(ObjectKey key) {
    if (queue.isRunning(key)) {
      return Trace.State.RUNNING;
    }
    if (queue.isWaiting(key)) {
      return Trace.State.QUEUED;
    }
    return failures.containsKey(key) ? Trace.State.BACKOFF : Trace.State.IDLE;
  }

  private synchronized void forget(ObjectKey key) {
    failures.remove(key);
  }

  private synchronized Duration pause(ObjectKey key, String why) {
    int count = failures.merge(key, 1, Integer::sum);
    if (count > QUIET_FAILURES) {
      LOG.atWarn()
          .addKeyValue("kind", type.kind())
          .addKeyValue("object", key)
          .addKeyValue("attempt", count)
          .addKeyValue("found", why)
          .log("a reconcile keeps failing");
    }
    Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(count - 1, 12));
    return pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
  }

  /// The earliest wish wins: a later wake would come too late for it.
  private synchronized void addAfter(ObjectKey key, Duration delay) {
    Instant at = runner.now().plus(delay);
    Wake planned = wakes.get(key);
    if (planned != null) {
      if (!at.isBefore(planned.at())) {
        return;
      }
      planned.timer().cancel();
    }
    wakes.put(key, new Wake(at, runner.after(delay, () -> wake(key))));
  }

  private void wake(ObjectKey key) {
    synchronized (this) {
      wakes.remove(key);
    }
    add(key);
  }
}
