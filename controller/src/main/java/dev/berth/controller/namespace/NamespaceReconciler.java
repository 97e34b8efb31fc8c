package dev.berth.controller.namespace;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Deletes what is in a terminating namespace, pods first, and removes the namespace's finalizer
/// when nothing is left.
public final class NamespaceReconciler implements Reconciler {
  private static final Duration CUSTOM_AGAIN = Duration.ofSeconds(1);

  private final Cluster cluster;

  public NamespaceReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.NAMESPACE, change -> loop.add(ObjectKey.of(change.after())));
    for (ResourceType type : cluster.kinds()) {
      if (type.namespaced()) {
        cluster.onChange(
            type,
            change -> {
              if (change.deleted()) {
                loop.add(ObjectKey.clusterScoped(Json.namespace(change.after())));
              }
            });
      }
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> terminating = cluster.find(Kinds.NAMESPACE, key).filter(Json::isDeleting);
    if (terminating.isEmpty()) {
      return Result.DONE;
    }
    boolean customLeft = deleteCustom(key.name());
    List<Action> deletions = deletions(key.name());
    if (!deletions.isEmpty()) {
      cluster.perform(deletions);
    }
    if (customLeft) {
      return new Result.RequeueAfter(CUSTOM_AGAIN);
    }
    if (deletions.isEmpty() && isEmpty(key.name())) {
      release(key);
    }
    return Result.DONE;
  }

  /// Objects of custom kinds are in no cache: the store is asked, and again while some are left.
  private boolean deleteCustom(String namespace) {
    boolean left = false;
    for (ResourceType type : cluster.resources().kinds().storedCustom()) {
      if (type.namespaced()) {
        left |= cluster.deleteAll(type, namespace);
      }
    }
    return left;
  }

  private List<Action> deletions(String namespace) {
    List<Action> deletions = new ArrayList<>();
    for (ResourceType type : cluster.kinds()) {
      if (type.namespaced()) {
        for (ObjectNode object : cluster.inNamespace(type, namespace)) {
          if (!Json.isDeleting(object)) {
            deletions.add(Action.Delete.of(type, object));
          }
        }
      }
    }
    return deletions;
  }

  private boolean isEmpty(String namespace) {
    return cluster.kinds().stream()
        .filter(ResourceType::namespaced)
        .allMatch(type -> cluster.inNamespace(type, namespace).isEmpty());
  }

  private void release(ObjectKey key) {
    cluster
        .resources()
        .patch(
            Kinds.NAMESPACE,
            key,
            Subresource.FINALIZE,
            WriteOptions.DEFAULT,
            namespace -> {
              Json.ensure(namespace, "spec").putArray("finalizers");
              return namespace;
            });
  }
}
