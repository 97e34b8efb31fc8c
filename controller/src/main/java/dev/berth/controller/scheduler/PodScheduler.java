package dev.berth.controller.scheduler;

import dev.berth.api.ApiException;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.Note;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.ListWatch;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Binds pods to the nodes that [Placement] chooses, one decision at a time; what is written
/// follows beside, so that many writes share their way to the disk. A pod that fits nowhere is told
/// why and waits. When something changed that might help, all that wait are looked through, by
/// their priority and then in the order in which they came; an answer that is known already is not
/// written again.
public final class PodScheduler implements Reconciler {
  private static final String COMPONENT = "berth-scheduler";

  private static final List<String> CONDITIONS =
      List.of("Ready", "DiskPressure", "MemoryPressure", "PIDPressure");

  /// The key that stands for all pods that wait; no pod can have this name.
  private static final ObjectKey EVERY_WAITING = ObjectKey.clusterScoped("");

  /// Times the pods that wait, the least time between two looks: a tenth of a core at most.
  private static final Duration GAP_EACH = Duration.ofNanos(50_000);

  private final Cluster cluster;
  private final Ledger ledger = new Ledger();

  /// In the order in which they began to wait. Guarded by this.
  private final Map<ObjectKey, Waiting> waiting = new LinkedHashMap<>();

  /// How many changes there were that might help a pod that waits.
  private final AtomicLong helpful = new AtomicLong();

  private volatile Consumer<ObjectKey> again = _ -> {};
  private Instant lastLook = Instant.EPOCH;

  public PodScheduler(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Which changes lead to which pods.
  public void wire(ReconcileLoop loop) {
    again = loop::add;
    cluster.onChange(
        Kinds.POD,
        change -> {
          boolean freed = ledger.pod(change);
          if (isToPlace(change)) {
            loop.add(ObjectKey.of(change.after()));
          }
          if (freed || makesRoom(change)) {
            mayHelp();
          }
        });
    cluster.onChange(
        Kinds.NODE,
        change -> {
          ledger.node(change);
          if (matters(change)) {
            mayHelp();
          }
        });
  }

  /// However many changes come at once, the pods that wait are looked through once.
  private void mayHelp() {
    helpful.incrementAndGet();
    again.accept(EVERY_WAITING);
  }

  private static boolean isWaiting(ObjectNode pod) {
    return Snapshot.node(pod).isEmpty() && !Json.isDeleting(pod);
  }

  /// A pod that is new, other than it was, or to be forgotten; that it was told why it waits
  /// changes nothing.
  private static boolean isToPlace(ListWatch.Change change) {
    ObjectNode before = change.before();
    if (change.deleted() || !isWaiting(change.after())) {
      return before != null && Snapshot.node(before).isEmpty();
    }
    return before == null
        || !Json.uid(before).equals(Json.uid(change.after()))
        || Json.generation(before) != Json.generation(change.after());
  }

  private static boolean makesRoom(ListWatch.Change change) {
    ObjectNode before = change.before();
    return before != null
        && Snapshot.isOnNode(before)
        && (change.deleted() || !Snapshot.isOnNode(change.after()));
  }

  /// Heartbeats of a node change nothing for the scheduler.
  private static boolean matters(ListWatch.Change change) {
    ObjectNode before = change.before();
    return before == null
        || change.deleted()
        || !before.path("spec").equals(change.after().path("spec"))
        || !Json.labels(before).equals(Json.labels(change.after()))
        || !Json.at(before, "status", "allocatable")
            .equals(Json.at(change.after(), "status", "allocatable"))
        || CONDITIONS.stream()
            .anyMatch(
                type -> Conditions.isTrue(before, type) != Conditions.isTrue(change.after(), type));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (key.equals(EVERY_WAITING)) {
      return lookThrough();
    }
    Optional<ObjectNode> found = cluster.find(Kinds.POD, key);
    Optional<ObjectNode> pod = found.filter(PodScheduler::isWaiting);
    if (pod.isEmpty()) {
      forget(key);
      // One that is on its node is heard of there; until then the promise counts.
      if (found.map(Snapshot::node).orElse("").isEmpty()) {
        withdraw(key);
      }
      return Result.DONE;
    }
    // Read before the decision: what comes after it must lead to another try.
    long seen = helpful.get();
    return switch (decide(pod.get())) {
      case Decision.Bind(String node) -> bind(pod.get(), node);
      case Decision.Unschedulable why -> explain(pod.get(), why, seen);
    };
  }

  /// The room that was promised may be what another pod was refused for.
  private void withdraw(ObjectKey key) {
    if (ledger.withdraw(key)) {
      mayHelp();
    }
  }

  /// The node counts as taken at once: the next decision need not wait for the binding.
  private synchronized Decision decide(ObjectNode pod) {
    Optional<String> promised = ledger.promised(pod);
    if (promised.isPresent()) {
      return new Decision.Bind(promised.get());
    }
    Decision decision = Placement.decide(pod, ledger.snapshot());
    if (decision instanceof Decision.Bind(String node)) {
      ledger.promise(pod, node);
    }
    return decision;
  }

  /// Takes a turn for each pod that fits by now, or has another answer to be told.
  private Result lookThrough() {
    Instant now = cluster.now();
    List<ObjectKey> due = new ArrayList<>();
    synchronized (this) {
      // A clock that was set back must not put the next look off.
      Instant last = lastLook.isAfter(now) ? Instant.EPOCH : lastLook;
      Instant next = last.plus(GAP_EACH.multipliedBy(waiting.size()));
      if (next.isAfter(now)) {
        return new Result.RequeueAfter(Duration.between(now, next));
      }
      lastLook = now;
      for (Map.Entry<ObjectNode, Waiting> open : inOrder()) {
        if (isDue(open.getKey(), open.getValue())) {
          due.add(ObjectKey.of(open.getKey()));
        }
      }
    }
    due.forEach(again);
    return Result.DONE;
  }

  /// The pods that wait, those of a higher priority first, each with what it was told.
  private List<Map.Entry<ObjectNode, Waiting>> inOrder() {
    List<Map.Entry<ObjectNode, Waiting>> open = new ArrayList<>();
    waiting.forEach(
        (key, told) ->
            cluster
                .find(Kinds.POD, key)
                .filter(PodScheduler::isWaiting)
                .ifPresent(pod -> open.add(Map.entry(pod, told))));
    open.sort(Comparator.comparingInt(each -> -priority(each.getKey())));
    return open;
  }

  private static int priority(ObjectNode pod) {
    return Json.at(pod, "spec", "priority").asInt(0);
  }

  private boolean isDue(ObjectNode pod, Waiting told) {
    return switch (decide(pod)) {
      case Decision.Bind _ -> true;
      case Decision.Unschedulable why -> !told.later() && !why.gist().equals(told.gist());
    };
  }

  private Result bind(ObjectNode pod, String node) {
    ObjectKey key = ObjectKey.of(pod);
    try {
      cluster.resources().bind(key, Json.uid(pod), node);
    } catch (ApiException e) {
      withdraw(key);
      if (e.isNotFound() || e.isConflict()) {
        return Result.DONE;
      }
      throw e;
    }
    forget(key);
    cluster.perform(
        List.of(
            new Action.Emit(
                Note.normal(
                    pod, "Scheduled", "Successfully assigned " + key + " to " + node, COMPONENT))));
    return Result.DONE;
  }

  private Result explain(ObjectNode pod, Decision.Unschedulable why, long seen) {
    Instant now = cluster.now();
    Optional<Waiting> before = toldBefore(pod);
    Duration pause = before.map(last -> last.untilTold(why.gist(), now)).orElse(Duration.ZERO);
    if (!pause.isPositive()) {
      cluster.perform(said(pod, why.message(), now));
    }
    Waiting next =
        before
            .map(
                last ->
                    pause.isPositive() ? last.keptBack(why.gist()) : last.again(why.gist(), now))
            .orElseGet(() -> Waiting.told(pod, why.gist(), now));
    remember(ObjectKey.of(pod), next);
    if (helpful.get() != seen) {
      // The look that this caused may have been before the pod was among those that wait.
      again.accept(EVERY_WAITING);
    }
    return new Result.RequeueAfter(pause.isPositive() ? pause : Waiting.FLUSH);
  }

  private synchronized Optional<Waiting> toldBefore(ObjectNode pod) {
    return Optional.ofNullable(waiting.get(ObjectKey.of(pod))).filter(last -> last.isOf(pod));
  }

  private synchronized void remember(ObjectKey key, Waiting now) {
    waiting.put(key, now);
  }

  private synchronized void forget(ObjectKey key) {
    waiting.remove(key);
  }

  /// Nothing when the pod says so already.
  private static List<Action> said(ObjectNode pod, String message, Instant now) {
    ObjectNode next = Json.deepCopy(pod);
    Condition condition =
        new Condition("PodScheduled", Condition.FALSE, "Unschedulable", message, now, 0);
    return Conditions.set(next, condition)
        ? List.of(
            new Action.UpdateStatus(Kinds.POD, next),
            new Action.Emit(Note.warning(pod, "FailedScheduling", message, COMPONENT)))
        : List.of();
  }
}
