package dev.berth.controller.endpointslice;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Observes one Service with its pods, slices and Endpoints, plans, performs.
public final class EndpointSliceReconciler implements Reconciler {
  private final Cluster cluster;

  public EndpointSliceReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.SERVICE, change -> loop.add(ObjectKey.of(change.after())));
    cluster.onChange(
        Kinds.ENDPOINT_SLICE,
        change -> {
          if (SlicePlan.isOurs(change.after())) {
            String service = Json.labels(change.after()).getOrDefault(SlicePlan.SERVICE_LABEL, "");
            loop.add(new ObjectKey(Json.namespace(change.after()), service));
          }
        });
    cluster.onChange(
        Kinds.ENDPOINTS,
        change -> {
          if (EndpointsPlan.isOurs(change.after())) {
            loop.add(ObjectKey.of(change.after()));
          }
        });
    cluster.onChange(
        Kinds.POD,
        change -> {
          addSelecting(cluster, loop, change.after());
          if (change.before() != null) {
            addSelecting(cluster, loop, change.before());
          }
        });
  }

  private static void addSelecting(Cluster cluster, ReconcileLoop loop, ObjectNode pod) {
    for (ObjectNode service : cluster.inNamespace(Kinds.SERVICE, Json.namespace(pod))) {
      Map<String, String> selector = Json.strings(Json.at(service, "spec", "selector"));
      if (!selector.isEmpty() && LabelSelector.of(selector).matches(Json.labels(pod))) {
        loop.add(ObjectKey.of(service));
      }
    }
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> service = cluster.find(Kinds.SERVICE, key);
    if (service.isPresent()) {
      List<ObjectNode> pods = cluster.inNamespace(Kinds.POD, key.namespace());
      cluster.perform(
          SlicePlan.plan(
              service.get(),
              pods,
              cluster.ownedBy(Kinds.ENDPOINT_SLICE, Json.uid(service.get())).stream()
                  .filter(SlicePlan::isOurs)
                  .toList()));
      cluster.perform(
          EndpointsPlan.plan(
              service.get(),
              SlicePlan.wanted(service.get(), pods).values(),
              cluster.find(Kinds.ENDPOINTS, key)));
    }
    return Result.DONE;
  }
}
