package dev.berth.controller.resourcequota;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.policy.Amounts;
import dev.berth.controller.policy.Quota;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.ListWatch;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Counts what the objects of a namespace use of one ResourceQuota.
public final class QuotaReconciler implements Reconciler {
  private static final ResourceType TYPE = Kinds.RESOURCE_QUOTA;

  private final Cluster cluster;

  public QuotaReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  /// A quota is looked at when it changes, and when what it counts comes, goes, or uses another
  /// amount.
  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(TYPE, change -> loop.add(ObjectKey.of(change.after())));
    cluster.kinds().stream()
        .filter(ResourceType::namespaced)
        .forEach(type -> hear(cluster, type, loop));
  }

  /// Has the quotas looked at that count objects of this kind.
  public static void hear(Cluster cluster, ResourceType type, ReconcileLoop loop) {
    cluster.onChange(
        type,
        change -> {
          for (ObjectNode quota : cluster.inNamespace(TYPE, Json.namespace(change.after()))) {
            if (matters(Quota.of(quota), type, change)) {
              loop.add(ObjectKey.of(quota));
            }
          }
        });
  }

  private static boolean matters(Quota quota, ResourceType type, ListWatch.Change change) {
    ObjectNode before = change.before();
    return quota.counts(type)
        && (before == null
            || change.deleted()
            || !quota.used(type, before).equals(quota.used(type, change.after())));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> found = cluster.find(TYPE, key);
    if (found.isEmpty() || Json.isDeleting(found.get())) {
      return Result.DONE;
    }
    ObjectNode next = Json.deepCopy(found.get());
    ObjectNode status = Json.ensure(next, "status");
    status.set("hard", Json.at(next, "spec", "hard").deepCopy());
    status.set("used", used(Quota.of(next), key.namespace()).tree());
    if (!next.equals(found.get())) {
      cluster.perform(List.of(new Action.UpdateStatus(TYPE, next)));
    }
    return Result.DONE;
  }

  private Amounts used(Quota quota, String namespace) {
    Amounts used = Amounts.NONE;
    Set<String> kinds = quota.kinds();
    for (ResourceType type : cluster.kinds()) {
      if (type.namespaced() && kinds.contains(type.qualifiedName())) {
        used = used.plus(quota.used(type, cluster.inNamespace(type, namespace)));
      }
    }
    return used;
  }
}
