package dev.berth.controller;

import dev.berth.api.Cidr;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.controller.build.BuildReconciler;
import dev.berth.controller.deployment.DeploymentReconciler;
import dev.berth.controller.endpointslice.EndpointSliceReconciler;
import dev.berth.controller.garbage.GarbageReconciler;
import dev.berth.controller.modelapp.ModelAppReconciler;
import dev.berth.controller.namespace.NamespaceReconciler;
import dev.berth.controller.nodelease.NodeReconciler;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.TaskRunner;
import dev.berth.controller.replicaset.ReplicaSetReconciler;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.scheduler.PodScheduler;
import java.util.ArrayList;
import java.util.List;

/// All reconcilers around one store, on a given runner. Production and the simulation run this very
/// class; they differ in the runner and in what lies behind [Resources].
final class ControlPlane {
  private final Cluster cluster;
  private final TaskRunner runner;
  private final List<ReconcileLoop> loops = new ArrayList<>();

  ControlPlane(Resources resources, TaskRunner runner, Cidr podCidr) {
    this.runner = runner;
    this.cluster = new Cluster(resources, runner);
    ReplicaSetReconciler.wire(
        cluster, loop("replicaset", Kinds.REPLICA_SET, new ReplicaSetReconciler(cluster)));
    DeploymentReconciler.wire(
        cluster, loop("deployment", Kinds.DEPLOYMENT, new DeploymentReconciler(cluster)));
    EndpointSliceReconciler.wire(
        cluster, loop("endpointslice", Kinds.SERVICE, new EndpointSliceReconciler(cluster)));
    NodeReconciler.wire(
        cluster, loop("nodelease", Kinds.NODE, new NodeReconciler(cluster, podCidr)));
    NamespaceReconciler.wire(
        cluster, loop("namespace", Kinds.NAMESPACE, new NamespaceReconciler(cluster)));
    BuildReconciler.wire(cluster, loop("build", Kinds.IMAGE_BUILD, new BuildReconciler(cluster)));
    ModelAppReconciler.wire(
        cluster, loop("modelapp", Kinds.MODEL_APP, new ModelAppReconciler(cluster)));
    PodScheduler.wire(cluster, loop("scheduler", Kinds.POD, new PodScheduler(cluster)));
    for (ResourceType type : Kinds.all()) {
      GarbageReconciler.wire(
          cluster, type, loop("garbage", type, new GarbageReconciler(cluster, type)));
    }
  }

  private ReconcileLoop loop(String name, ResourceType type, Reconciler reconciler) {
    ReconcileLoop loop = new ReconcileLoop(name, type, cluster, runner, reconciler);
    loops.add(loop);
    return loop;
  }

  Inspection inspection() {
    return new Inspection(cluster, loops);
  }

  void start() {
    cluster.start();
  }

  void stop() {
    loops.forEach(ReconcileLoop::stop);
    cluster.stop();
  }
}
