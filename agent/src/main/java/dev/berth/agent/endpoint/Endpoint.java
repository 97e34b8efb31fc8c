package dev.berth.agent.endpoint;

import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Chooses a replica for each request: of two taken at random the cheaper one, among those below
/// their limit; when all are at it the request waits in line, at most [#QUEUE] of them and at most
/// [#PATIENCE_NANOS] each.
///
/// The caller sweeps now and then, which lets the late ones go. Nothing here blocks.
final class Endpoint {
  static final int QUEUE = 200;
  static final long PATIENCE_NANOS = 10_000_000_000L;

  /// Why no replica was given.
  enum Refusal {
    NO_READY_REPLICA("no-ready-replica"),
    QUEUE_FULL("queue-full"),
    QUEUE_TIMEOUT("queue-timeout");

    final String reason;

    Refusal(String reason) {
      this.reason = reason;
    }
  }

  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;
    final Refusal refusal;

    Refused(Refusal refusal) {
      super(refusal.reason, null, false, false);
      this.refusal = refusal;
    }
  }

  private record Waiter(CompletableFuture<Replica> replica, long deadline) {}

  private final LongSupplier nanos;
  private final RandomGenerator random;
  private final Map<ReplicaAddress, Replica> replicas = new LinkedHashMap<>();
  private final ArrayDeque<Waiter> queue = new ArrayDeque<>();
  private EndpointConfig config;

  Endpoint(EndpointConfig config, LongSupplier nanos, RandomGenerator random) {
    this.nanos = nanos;
    this.random = random;
    this.config = config;
    update(config);
  }

  synchronized EndpointConfig config() {
    return config;
  }

  /// Replicas that stay keep what was measured of them.
  void update(EndpointConfig wanted) {
    List<Runnable> ready = new ArrayList<>();
    synchronized (this) {
      config = wanted;
      replicas.keySet().retainAll(wanted.replicas());
      wanted
          .replicas()
          .forEach(a -> replicas.computeIfAbsent(a, x -> new Replica(x, nanos.getAsLong())));
      serve(ready);
    }
    ready.forEach(Runnable::run);
  }

  /// Takes somebody out of the line who has gone; true when the wait was not over.
  boolean leave(CompletableFuture<Replica> waiting) {
    boolean waited = waiting.cancel(false);
    synchronized (this) {
      queue.removeIf(w -> w.replica().isCancelled());
    }
    return waited;
  }

  /// A replica with this request counted, now or when one is free; else fails with [Refused].
  CompletableFuture<Replica> acquire() {
    CompletableFuture<Replica> result = new CompletableFuture<>();
    Refusal refusal = null;
    Replica chosen = null;
    synchronized (this) {
      if (replicas.isEmpty()) {
        refusal = Refusal.NO_READY_REPLICA;
      } else {
        chosen = queue.isEmpty() ? choose() : null;
        if (chosen == null && queue.size() >= QUEUE) {
          refusal = Refusal.QUEUE_FULL;
        } else if (chosen == null) {
          queue.add(new Waiter(result, nanos.getAsLong() + PATIENCE_NANOS));
        }
      }
    }
    if (refusal != null) {
      result.completeExceptionally(new Refused(refusal));
    } else if (chosen != null) {
      result.complete(chosen);
    }
    return result;
  }

  void release(Replica replica, long tookNanos) {
    List<Runnable> ready = new ArrayList<>();
    synchronized (this) {
      replica.end(tookNanos, nanos.getAsLong());
      serve(ready);
    }
    ready.forEach(Runnable::run);
  }

  /// Lets those go who have waited too long, or for whom no replica is left.
  void sweep() {
    List<Runnable> late = new ArrayList<>();
    synchronized (this) {
      long now = nanos.getAsLong();
      for (Iterator<Waiter> i = queue.iterator(); i.hasNext(); ) {
        Waiter w = i.next();
        if (w.deadline() <= now || replicas.isEmpty()) {
          i.remove();
          Refusal why = replicas.isEmpty() ? Refusal.NO_READY_REPLICA : Refusal.QUEUE_TIMEOUT;
          late.add(() -> w.replica().completeExceptionally(new Refused(why)));
        }
      }
    }
    late.forEach(Runnable::run);
  }

  synchronized int inFlight() {
    return replicas.values().stream().mapToInt(Replica::inFlight).sum();
  }

  synchronized int queued() {
    return queue.size();
  }

  /// Futures complete outside of the lock, since their callers go straight on.
  private void serve(List<Runnable> ready) {
    while (!queue.isEmpty()) {
      Replica free = choose();
      if (free == null) {
        return;
      }
      Waiter next = queue.remove();
      ready.add(
          () -> {
            if (!next.replica().complete(free)) {
              release(free, 0); // gone in between
            }
          });
    }
  }

  private @Nullable Replica choose() {
    int limit = config.concurrency() > 0 ? config.concurrency() : Integer.MAX_VALUE;
    List<Replica> free = replicas.values().stream().filter(r -> r.inFlight() < limit).toList();
    if (free.isEmpty()) {
      return null;
    }
    Replica chosen = free.getFirst();
    if (free.size() > 1) {
      int a = random.nextInt(free.size());
      int b = random.nextInt(free.size() - 1);
      Replica first = free.get(a);
      Replica second = free.get(b >= a ? b + 1 : b);
      chosen = first.cost() <= second.cost() ? first : second;
    }
    chosen.begin();
    return chosen;
  }
}
