package dev.berth.controller;

import dev.berth.api.Cidr;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.controller.build.BuildReconciler;
import dev.berth.controller.definition.DefinitionReconciler;
import dev.berth.controller.deployment.DeploymentReconciler;
import dev.berth.controller.endpointslice.EndpointSliceReconciler;
import dev.berth.controller.garbage.GarbageReconciler;
import dev.berth.controller.gitops.GitOpsReconciler;
import dev.berth.controller.job.JobReconciler;
import dev.berth.controller.kubernetesservice.ApiAddresses;
import dev.berth.controller.kubernetesservice.KubernetesServiceReconciler;
import dev.berth.controller.modelapp.ModelAppReconciler;
import dev.berth.controller.namespace.NamespaceReconciler;
import dev.berth.controller.nodelease.NodeReconciler;
import dev.berth.controller.rbac.RoleReconciler;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.TaskRunner;
import dev.berth.controller.replicaset.ReplicaSetReconciler;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resourcequota.QuotaReconciler;
import dev.berth.controller.scheduler.PodScheduler;
import dev.berth.controller.serviceaccount.NamespaceContents;
import dev.berth.controller.serviceaccount.TokenSecrets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/// All reconcilers around one store, on a given runner. Production and the simulation run this very
/// class; they differ in the runner and in what lies behind [Resources].
final class ControlPlane {
  private final Cluster cluster;
  private final TaskRunner runner;
  private final ReconcileLoop roles;
  private final ReconcileLoop api;
  private final ReconcileLoop quotas;
  private final List<ReconcileLoop> loops = new CopyOnWriteArrayList<>();
  private final Map<ResourceType, ReconcileLoop> garbage = new ConcurrentHashMap<>();
  private volatile Optional<GitOpsReconciler> git = Optional.empty();

  /// What the control plane vouches with: the CA's certificate as PEM, and tokens for Secrets.
  record Trust(String caCertificate, TokenSecrets.Issuer issuer) {}

  /// @param podCidr the network that nodes get their pods' addresses from
  /// @param addresses where pods find the API; first asked after the start
  record Network(Cidr podCidr, Supplier<ApiAddresses> addresses) {}

  ControlPlane(Resources resources, TaskRunner runner, Network network, Trust trust) {
    this.runner = runner;
    this.cluster = new Cluster(resources, runner);
    ReplicaSetReconciler.wire(
        cluster, loop("replicaset", Kinds.REPLICA_SET, new ReplicaSetReconciler(cluster)));
    DeploymentReconciler.wire(
        cluster, loop("deployment", Kinds.DEPLOYMENT, new DeploymentReconciler(cluster)));
    JobReconciler.wire(cluster, loop("job", Kinds.JOB, new JobReconciler(cluster)));
    EndpointSliceReconciler.wire(
        cluster, loop("endpointslice", Kinds.SERVICE, new EndpointSliceReconciler(cluster)));
    NodeReconciler.wire(
        cluster, loop("nodelease", Kinds.NODE, new NodeReconciler(cluster, network.podCidr())));
    NamespaceReconciler.wire(
        cluster, loop("namespace", Kinds.NAMESPACE, new NamespaceReconciler(cluster)));
    DefinitionReconciler.wire(
        cluster,
        loop(
            "definition",
            Kinds.CUSTOM_RESOURCE_DEFINITION,
            new DefinitionReconciler(cluster, this::follow, this::unfollow)));
    BuildReconciler.wire(cluster, loop("build", Kinds.IMAGE_BUILD, new BuildReconciler(cluster)));
    ModelAppReconciler.wire(
        cluster, loop("modelapp", Kinds.MODEL_APP, new ModelAppReconciler(cluster)));
    this.roles = loop("rbac", Kinds.CLUSTER_ROLE, new RoleReconciler(cluster));
    RoleReconciler.wire(cluster, roles);
    NamespaceContents.wire(
        cluster,
        loop(
            "serviceaccount",
            Kinds.NAMESPACE,
            new NamespaceContents(cluster, trust.caCertificate())));
    TokenSecrets.wire(
        cluster,
        loop(
            "tokensecret",
            Kinds.SECRET,
            new TokenSecrets(cluster, trust.caCertificate(), trust.issuer())));
    this.api =
        loop(
            "kubernetesservice",
            Kinds.SERVICE,
            new KubernetesServiceReconciler(cluster, network.addresses()));
    KubernetesServiceReconciler.wire(cluster, api);
    this.quotas = loop("resourcequota", Kinds.RESOURCE_QUOTA, new QuotaReconciler(cluster));
    QuotaReconciler.wire(cluster, quotas);
    PodScheduler scheduler = new PodScheduler(cluster);
    scheduler.wire(loop("scheduler", Kinds.POD, scheduler));
    for (ResourceType type : cluster.kinds()) {
      GarbageReconciler.wire(cluster, type, garbageLoop(type));
    }
  }

  private ReconcileLoop garbageLoop(ResourceType type) {
    ReconcileLoop loop = loop("garbage", type, new GarbageReconciler(cluster, type));
    garbage.put(type, loop);
    return loop;
  }

  /// Objects of a custom kind own others, and are owned. One that came back may be stored in
  /// another version, or live in another scope.
  private void follow(ResourceType custom) {
    if (!cluster.kinds().contains(custom)) {
      unfollow(custom.qualifiedName());
    }
    cluster.follow(
        custom,
        () -> {
          garbage.forEach((kind, loop) -> GarbageReconciler.hear(cluster, custom, kind, loop));
          GarbageReconciler.wire(cluster, custom, garbageLoop(custom));
          QuotaReconciler.hear(cluster, custom, quotas);
          git.ifPresent(reconciler -> reconciler.hear(custom));
        });
  }

  private void unfollow(String definition) {
    for (ResourceType custom : List.copyOf(garbage.keySet())) {
      if (custom.qualifiedName().equals(definition) && !Kinds.all().contains(custom)) {
        cluster.unfollow(custom);
        Optional.ofNullable(garbage.remove(custom))
            .ifPresent(
                loop -> {
                  loop.stop();
                  loops.remove(loop);
                });
      }
    }
  }

  /// Keeps GitRepositories applied too; before the start.
  void add(GitOpsReconciler reconciler) {
    reconciler.wire(loop("gitrepository", Kinds.GIT_REPOSITORY, reconciler));
    git = Optional.of(reconciler);
  }

  private ReconcileLoop loop(String name, ResourceType type, Reconciler reconciler) {
    ReconcileLoop loop = new ReconcileLoop(name, type, cluster, runner, reconciler);
    loops.add(loop);
    return loop;
  }

  Cluster cluster() {
    return cluster;
  }

  Inspection inspection() {
    return new Inspection(cluster, loops);
  }

  void start() {
    cluster.start();
    RoleReconciler.begin(roles);
    KubernetesServiceReconciler.begin(api);
  }

  void stop() {
    loops.forEach(ReconcileLoop::stop);
    cluster.stop();
  }
}
