package dev.berth.controller.rbac;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.controller.auth.BootstrapPolicy;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts the rules of one aggregated ClusterRole together. Kubernetes: "Aggregated ClusterRoles".
public final class RoleReconciler implements Reconciler {
  /// The key that stands for all roles of the bootstrap policy; no object can have this name.
  private static final ObjectKey BOOTSTRAP = ObjectKey.clusterScoped("");

  private final Cluster cluster;

  public RoleReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  /// A role that changed may be a part of any aggregated one, or no more.
  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(
        Kinds.CLUSTER_ROLE,
        change -> {
          if (isAggregated(change.after()) && !change.deleted()) {
            loop.add(ObjectKey.of(change.after()));
          }
          cluster.all(Kinds.CLUSTER_ROLE).stream()
              .filter(RoleReconciler::isAggregated)
              .forEach(role -> loop.add(ObjectKey.of(role)));
        });
  }

  /// Asks for the roles and bindings that every cluster has.
  public static void begin(ReconcileLoop loop) {
    loop.add(BOOTSTRAP);
  }

  private static boolean isAggregated(JsonNode role) {
    return !Json.isEmpty(role.get("aggregationRule"));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    if (key.equals(BOOTSTRAP)) {
      BootstrapPolicy.ensure(cluster.resources());
      return Result.DONE;
    }
    Optional<ObjectNode> found = cluster.find(Kinds.CLUSTER_ROLE, key);
    found
        .filter(RoleReconciler::isAggregated)
        .map(role -> plan(role, cluster.all(Kinds.CLUSTER_ROLE)))
        .ifPresent(cluster::perform);
    return Result.DONE;
  }

  /// Nothing when the role holds what it shall hold.
  static List<Action> plan(ObjectNode role, List<ObjectNode> roles) {
    Set<JsonNode> rules = new LinkedHashSet<>();
    for (ObjectNode other : roles) {
      if (!Json.name(other).equals(Json.name(role)) && isPart(role, other)) {
        other.path("rules").forEach(rules::add);
      }
    }
    ArrayNode wanted = Json.array();
    wanted.addAll(rules);
    if (wanted.equals(role.path("rules"))
        || (wanted.isEmpty() && Json.isEmpty(role.get("rules")))) {
      return List.of();
    }
    ObjectNode next = Json.deepCopy(role);
    next.set("rules", wanted.deepCopy());
    return List.of(new Action.Update(Kinds.CLUSTER_ROLE, next));
  }

  private static boolean isPart(ObjectNode role, ObjectNode other) {
    for (JsonNode selector : Json.at(role, "aggregationRule", "clusterRoleSelectors")) {
      if (LabelSelector.of(selector).matches(Json.labels(other))) {
        return true;
      }
    }
    return false;
  }
}
