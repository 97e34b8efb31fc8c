package dev.berth.controller.deployment;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.Note;
import dev.berth.controller.reconcile.Owners;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Observes one Deployment with its ReplicaSets and pods, plans, performs.
public final class DeploymentReconciler implements Reconciler {
  private final Cluster cluster;

  public DeploymentReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.DEPLOYMENT, change -> loop.add(ObjectKey.of(change.after())));
    cluster.onChange(
        Kinds.REPLICA_SET,
        change -> Owners.controllerKey(change.after(), Kinds.DEPLOYMENT).ifPresent(loop::add));
    cluster.onChange(
        Kinds.POD,
        change ->
            Owners.controllerKey(change.after(), Kinds.REPLICA_SET)
                .flatMap(set -> cluster.find(Kinds.REPLICA_SET, set))
                .flatMap(set -> Owners.controllerKey(set, Kinds.DEPLOYMENT))
                .ifPresent(loop::add));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> found = cluster.find(Kinds.DEPLOYMENT, key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    ObjectNode deployment = found.get();
    List<Action> adoptions =
        DeploymentPlan.adopt(deployment, cluster.inNamespace(Kinds.REPLICA_SET, key.namespace()));
    if (!adoptions.isEmpty() && adopt(deployment, adoptions)) {
      // Their change brings this Deployment here again.
      return Result.DONE;
    }
    List<ObjectNode> sets =
        cluster.ownedBy(Kinds.REPLICA_SET, Json.uid(deployment)).stream()
            .filter(set -> !Json.isDeleting(set))
            .toList();
    Instant now = cluster.now();
    cluster.perform(
        DeploymentPlan.plan(
            deployment, sets, cluster.inNamespace(Kinds.POD, key.namespace()), now));
    return DeploymentPlan.deadline(deployment)
        .map(at -> Duration.between(now, at))
        .filter(Duration::isPositive)
        .<Result>map(Result.RequeueAfter::new)
        .orElse(minReadyWait(deployment));
  }

  /// The caches of two kinds are not of the same moment: the Deployment may have been deleted, and
  /// its sets let go, between the two. So the store is asked. A set that cannot be adopted is told
  /// of, and holds up nothing else.
  ///
  /// @return whether anything was adopted
  private boolean adopt(ObjectNode deployment, List<Action> adoptions) {
    boolean alive =
        cluster
            .resources()
            .find(Kinds.DEPLOYMENT, ObjectKey.of(deployment))
            .map(Item::tree)
            .filter(now -> Json.uid(now).equals(Json.uid(deployment)) && !Json.isDeleting(now))
            .isPresent();
    boolean adopted = false;
    for (Action adoption : alive ? adoptions : List.<Action>of()) {
      try {
        cluster.perform(List.of(adoption));
        adopted = true;
      } catch (ApiException e) {
        if (!(e.error() instanceof ApiError.Invalid)
            && !(e.error() instanceof ApiError.Forbidden)) {
          throw e;
        }
        Note note =
            Note.warning(
                deployment, "FailedAdopt", String.valueOf(e.getMessage()), "deployment-controller");
        cluster.perform(List.of(new Action.Emit(note)));
      }
    }
    return adopted;
  }

  private static Result minReadyWait(ObjectNode deployment) {
    long seconds = Json.at(deployment, "spec", "minReadySeconds").asLong(0);
    boolean waits =
        Json.at(deployment, "status", "availableReplicas").asInt(0)
            < Json.at(deployment, "status", "readyReplicas").asInt(0);
    return seconds > 0 && waits ? new Result.RequeueAfter(Duration.ofSeconds(1)) : Result.DONE;
  }
}
