package dev.berth.controller.job;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.Owners;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Observes one Job with its pods, plans, performs.
public final class JobReconciler implements Reconciler {
  private final Cluster cluster;

  public JobReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.JOB, change -> loop.add(ObjectKey.of(change.after())));
    cluster.onMoreAllowed(Kinds.JOB, loop);
    cluster.onChange(
        Kinds.POD, change -> Owners.controllerKey(change.after(), Kinds.JOB).ifPresent(loop::add));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> job = cluster.find(Kinds.JOB, key);
    String uid = job.map(Json::uid).orElse("");
    cluster.perform(release(key, uid));
    if (job.isEmpty()) {
      return Result.DONE;
    }
    List<ObjectNode> pods =
        cluster.ownedBy(Kinds.POD, uid).stream()
            .filter(pod -> Owners.isControlledBy(pod, uid))
            .toList();
    JobPlan.Decision decision = JobPlan.decide(job.get(), pods, cluster.now());
    cluster.perform(decision.actions());
    return decision.again().<Result>map(Result.RequeueAfter::new).orElse(Result.DONE);
  }

  /// Nobody counts the pods of a Job that is gone: they may go too.
  private List<Action> release(ObjectKey key, String uid) {
    return cluster.inNamespace(Kinds.POD, key.namespace()).stream()
        .filter(JobPods::isTracked)
        .filter(pod -> Owners.controllerKey(pod, Kinds.JOB).filter(key::equals).isPresent())
        .filter(pod -> uid.isEmpty() || !Owners.isControlledBy(pod, uid))
        .<Action>map(pod -> new Action.Update(Kinds.POD, JobPods.untracked(pod)))
        .toList();
  }
}
