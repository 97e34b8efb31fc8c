package dev.berth.agent.status;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import dev.berth.client.DeleteOptions;
import dev.berth.client.PatchType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes pod status behind the workers' backs: one thread, the newest status of each pod, retried
/// until it is in.
public final class PodStatusWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PodStatusWriter.class);
  private static final long FIRST_RETRY_MILLIS = 200;
  private static final long LAST_RETRY_MILLIS = 10_000;

  private sealed interface Write {
    record Status(ObjectKey key, String uid, ObjectNode status) implements Write {}

    record Gone(ObjectKey key, String uid) implements Write {}
  }

  private final ApiClient api;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Write> pending = new LinkedHashMap<>();
  private final Thread thread;
  private boolean closed;

  public PodStatusWriter(ApiClient api) {
    this.api = api;
    this.thread = Thread.ofVirtual().name("pod-status").start(this::run);
  }

  public void status(ObjectKey key, String uid, ObjectNode status) {
    offer(uid, new Write.Status(key, uid, status));
  }

  /// The pod's containers are gone: the object may go too.
  public void gone(ObjectKey key, String uid) {
    offer(uid, new Write.Gone(key, uid));
  }

  private void offer(String uid, Write write) {
    lock.lock();
    try {
      if (!(pending.get(uid) instanceof Write.Gone)) {
        pending.put(uid, write);
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    long wait = 0;
    int failures = 0;
    try {
      for (Map.Entry<String, Write> next = take(0);
          next != null;
          next = take(failures == 0 ? wait : 0)) {
        if (write(next.getValue())) {
          done(next.getKey(), next.getValue());
          failures = 0;
          wait = 0;
        } else if (++failures >= later(next.getKey(), next.getValue())) {
          wait = Math.clamp(wait * 2, FIRST_RETRY_MILLIS, LAST_RETRY_MILLIS);
          failures = 0;
        }
      }
    } catch (InterruptedException e) {
      log.atDebug().log("pod status writer ends");
    }
  }

  /// The oldest write; after a failure only when the pause is over. Null when closed.
  private Map.@org.jspecify.annotations.Nullable Entry<String, Write> take(long pauseMillis)
      throws InterruptedException {
    lock.lock();
    try {
      long nanos = TimeUnit.MILLISECONDS.toNanos(pauseMillis);
      while (!closed && (nanos > 0 || pending.isEmpty())) {
        if (nanos > 0) {
          nanos = changed.awaitNanos(nanos);
        } else {
          changed.await();
        }
      }
      return closed ? null : Map.Entry.copyOf(pending.entrySet().iterator().next());
    } finally {
      lock.unlock();
    }
  }

  private void done(String uid, Write write) {
    lock.lock();
    try {
      pending.remove(uid, write);
    } finally {
      lock.unlock();
    }
  }

  /// Puts a write that failed behind all others, so that none waits for it; how many there are. A
  /// newer one of the same pod takes its place.
  private int later(String uid, Write write) {
    lock.lock();
    try {
      Write newest = pending.remove(uid);
      pending.put(uid, newest == null ? write : newest);
      return pending.size();
    } finally {
      lock.unlock();
    }
  }

  /// True when nothing is left to do, also because the pod is gone or is another one by now.
  private boolean write(Write write) {
    try {
      switch (write) {
        case Write.Status s -> api.patch(Kinds.POD, s.key(), PatchType.MERGE, patch(s), "status");
        case Write.Gone g -> api.delete(Kinds.POD, g.key(), DeleteOptions.now(g.uid()));
      }
      return true;
    } catch (ApiException e) {
      if (e.isNotFound() || e.isConflict()) {
        return true;
      }
      boolean ours =
          e.error() instanceof ApiError.Invalid || e.error() instanceof ApiError.BadRequest;
      log.atWarn()
          .addKeyValue("error", e.getMessage())
          .log(ours ? "pod status was refused" : "pod status is not written yet");
      return ours;
    }
  }

  private static ObjectNode patch(Write.Status s) {
    ObjectNode patch = Json.object();
    patch.putObject("metadata").put("uid", s.uid());
    patch.set("status", s.status());
    return patch;
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(java.time.Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
