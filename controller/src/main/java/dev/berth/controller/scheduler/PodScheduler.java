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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Binds pods to the nodes that [Placement] chooses. What waits is tried again whenever a node
/// changes or a pod makes room.
public final class PodScheduler implements Reconciler {
  private static final String COMPONENT = "berth-scheduler";

  private static final List<String> CONDITIONS =
      List.of("Ready", "DiskPressure", "MemoryPressure", "PIDPressure");

  private final Cluster cluster;

  public PodScheduler(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(
        Kinds.POD,
        change -> {
          if (!change.deleted() && isWaiting(change.after())) {
            loop.add(ObjectKey.of(change.after()));
          } else if (makesRoom(change)) {
            addAllWaiting(cluster, loop);
          }
        });
    cluster.onChange(
        Kinds.NODE,
        change -> {
          if (matters(change)) {
            addAllWaiting(cluster, loop);
          }
        });
  }

  private static boolean isWaiting(ObjectNode pod) {
    return Json.text(pod, "spec", "nodeName").isEmpty() && !Json.isDeleting(pod);
  }

  private static boolean makesRoom(ListWatch.Change change) {
    String phase = Json.text(change.after(), "status", "phase");
    return change.deleted() || phase.equals("Succeeded") || phase.equals("Failed");
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

  private static void addAllWaiting(Cluster cluster, ReconcileLoop loop) {
    for (ObjectNode pod : cluster.all(Kinds.POD)) {
      if (isWaiting(pod)) {
        loop.add(ObjectKey.of(pod));
      }
    }
  }

  @Override
  public synchronized Result reconcile(ObjectKey key) {
    Optional<ObjectNode> pod = cluster.find(Kinds.POD, key).filter(PodScheduler::isWaiting);
    if (pod.isEmpty()) {
      return Result.DONE;
    }
    Snapshot snapshot = Snapshot.of(cluster.all(Kinds.NODE), cluster.all(Kinds.POD));
    return switch (Placement.decide(pod.get(), snapshot)) {
      case Decision.Bind(String node) -> bind(pod.get(), node);
      case Decision.Unschedulable(String message) -> {
        cluster.perform(explain(pod.get(), message));
        yield Result.DONE;
      }
    };
  }

  private Result bind(ObjectNode pod, String node) {
    ObjectKey key = ObjectKey.of(pod);
    try {
      cluster.resources().bind(key, Json.uid(pod), node);
    } catch (ApiException e) {
      if (e.isNotFound() || e.isConflict()) {
        return Result.DONE;
      }
      throw e;
    }
    cluster.perform(
        List.of(
            new Action.Emit(
                Note.normal(
                    pod, "Scheduled", "Successfully assigned " + key + " to " + node, COMPONENT))));
    return Result.DONE;
  }

  private List<Action> explain(ObjectNode pod, String message) {
    ObjectNode next = Json.deepCopy(pod);
    Condition condition =
        new Condition("PodScheduled", Condition.FALSE, "Unschedulable", message, cluster.now(), 0);
    List<Action> actions = new ArrayList<>();
    if (Conditions.set(next, condition)) {
      actions.add(new Action.UpdateStatus(Kinds.POD, next));
      actions.add(new Action.Emit(Note.warning(pod, "FailedScheduling", message, COMPONENT)));
    }
    return actions;
  }
}
