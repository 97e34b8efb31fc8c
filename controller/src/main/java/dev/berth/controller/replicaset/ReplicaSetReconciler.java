package dev.berth.controller.replicaset;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.Owners;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Observes one ReplicaSet with its pods, plans, performs.
public final class ReplicaSetReconciler implements Reconciler {
  private final Cluster cluster;

  public ReplicaSetReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  /// Which changes lead to which ReplicaSets.
  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.REPLICA_SET, change -> loop.add(ObjectKey.of(change.after())));
    cluster.onMoreAllowed(Kinds.REPLICA_SET, loop);
    cluster.onChange(
        Kinds.POD,
        change -> {
          Owners.controllerKey(change.after(), Kinds.REPLICA_SET).ifPresent(loop::add);
          if (Owners.controller(change.after()).isEmpty() && !change.deleted()) {
            addMatching(cluster, loop, change.after());
          }
        });
  }

  private static void addMatching(Cluster cluster, ReconcileLoop loop, ObjectNode orphan) {
    for (ObjectNode set : cluster.inNamespace(Kinds.REPLICA_SET, Json.namespace(orphan))) {
      if (LabelSelector.of(Json.at(set, "spec", "selector")).matches(Json.labels(orphan))) {
        loop.add(ObjectKey.of(set));
      }
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> found = cluster.find(Kinds.REPLICA_SET, key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    ObjectNode set = found.get();
    List<ObjectNode> pods = cluster.inNamespace(Kinds.POD, key.namespace());
    try {
      cluster.perform(ReplicaSetPlan.plan(set, pods, cluster.now()));
    } catch (ApiException e) {
      if (e.error() instanceof ApiError.Forbidden(String message)) {
        tellRefused(key, message);
      }
      throw e;
    }
    Duration wait =
        ReplicaSetPlan.untilAvailable(
            set, List.copyOf(cluster.ownedBy(Kinds.POD, Json.uid(set))), cluster.now());
    return wait.isPositive() ? new Result.RequeueAfter(wait) : Result.DONE;
  }

  private void tellRefused(ObjectKey key, String message) {
    ObjectNode now = cluster.resources().get(Kinds.REPLICA_SET, key).tree();
    ObjectNode next = Json.deepCopy(now);
    if (ReplicaSetPlan.refused(next, message, cluster.now())) {
      cluster.perform(List.of(new Action.UpdateStatus(Kinds.REPLICA_SET, next)));
    }
  }
}
