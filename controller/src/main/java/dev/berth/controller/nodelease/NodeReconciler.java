package dev.berth.controller.nodelease;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/// Observes one node with its lease, plans, performs, and looks again when the lease would be
/// stale.
///
/// Leases are not persisted: after a restart of the controller a node's lease is missing or old
/// until the agent's next renewal. Every node is therefore given one grace period from the first
/// look.
public final class NodeReconciler implements Reconciler {
  private static final String LEASES = "kube-node-lease";

  private final Cluster cluster;
  private final Cidr podCidr;
  private final Instant started;

  public NodeReconciler(Cluster cluster, Cidr podCidr) {
    this.cluster = cluster;
    this.podCidr = podCidr;
    this.started = cluster.now();
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.NODE, change -> loop.add(ObjectKey.of(change.after())));
    cluster.onChange(
        Kinds.POD,
        change -> {
          ObjectKey node = ObjectKey.clusterScoped(Json.text(change.after(), "spec", "nodeName"));
          if (!node.name().isEmpty() && cluster.find(Kinds.NODE, node).isEmpty()) {
            loop.add(node);
          }
        });
    cluster.onChange(
        Kinds.LEASE,
        change -> {
          if (Json.namespace(change.after()).equals(LEASES)) {
            loop.add(ObjectKey.clusterScoped(Json.name(change.after())));
          }
        });
  }

  /// One node at a time: two must not choose the same network.
  @Override
  public synchronized Result reconcile(ObjectKey key) {
    Optional<ObjectNode> node = cluster.find(Kinds.NODE, key);
    if (node.isEmpty()) {
      List<String> nodes = cluster.all(Kinds.NODE).stream().map(Json::name).toList();
      cluster.perform(
          LostPods.planWithoutNode(podsOf(key.name()), key.name(), nodes, cluster.now()));
      return Result.DONE;
    }
    Instant now = cluster.now();
    Instant heard =
        latest(
            started,
            NodePlan.heard(
                node.get(), cluster.find(Kinds.LEASE, new ObjectKey(LEASES, key.name()))));
    cluster.perform(NodePlan.plan(node.get(), heard, networksOfOthers(key), podCidr, now));
    boolean stale = NodePlan.isStale(heard, now);
    Optional<String> silence = stale ? Optional.of(silent(key, heard)) : Optional.empty();
    cluster.perform(LostPods.plan(podsOf(key.name()), silence, now));
    Duration left = Duration.between(now, heard.plus(NodePlan.GRACE));
    return left.isPositive() ? new Result.RequeueAfter(left) : Result.DONE;
  }

  private static String silent(ObjectKey node, Instant heard) {
    return "the agent of node "
        + node.name()
        + " was last heard of at "
        + Times.format(heard)
        + "; nobody knows whether its pods run";
  }

  private static Instant latest(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }

  private List<ObjectNode> podsOf(String node) {
    return cluster.all(Kinds.POD).stream()
        .filter(pod -> Json.text(pod, "spec", "nodeName").equals(node))
        .toList();
  }

  private Set<String> networksOfOthers(ObjectKey key) {
    return cluster.all(Kinds.NODE).stream()
        .filter(node -> !Json.name(node).equals(key.name()))
        .map(node -> Json.text(node, "spec", "podCIDR"))
        .collect(Collectors.toSet());
  }
}
