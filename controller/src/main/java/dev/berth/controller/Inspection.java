package dev.berth.controller;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Requests;
import dev.berth.api.ResourceType;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Trace;
import dev.berth.controller.scheduler.Snapshot;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What the stages of the control plane know of one object and of what was made for it. Looks only.
final class Inspection {
  /// Reconcilers that have to do with nearly no object of the kind that they hear of.
  private static final Set<String> ASIDE = Set.of("garbage", "kubernetesservice");

  private static final String MODEL_APP = "berth.dev/modelapp";
  private static final Set<ResourceType> MADE =
      Set.of(
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET,
          Kinds.POD,
          Kinds.SERVICE,
          Kinds.ENDPOINT_SLICE,
          Kinds.IMAGE_BUILD);

  private final Cluster cluster;
  private final List<ReconcileLoop> loops;

  Inspection(Cluster cluster, List<ReconcileLoop> loops) {
    this.cluster = cluster;
    this.loops = loops;
  }

  /// Of the object itself first, then of what was made for it.
  ObjectNode of(ResourceType type, ObjectKey key) {
    ObjectNode all = Json.object();
    caches(all.putArray("caches"));
    ArrayNode queues = all.putArray("queues");
    loops.stream()
        .sorted(Comparator.comparing(loop -> !loop.type().equals(type)))
        .flatMap(loop -> keys(loop.type(), type, key).map(loop::trace))
        .filter(trace -> trace.isOfInterest() || isMain(trace))
        .forEach(trace -> queue(queues.addObject(), trace));
    scheduler(all.putObject("scheduler"));
    return all;
  }

  private void caches(ArrayNode list) {
    cluster
        .caches()
        .forEach(
            (type, revision) ->
                list.addObject()
                    .put("name", type.singular())
                    .put("revision", revision.orElse(0))
                    .put("synced", revision.isPresent()));
  }

  /// The object itself, and for a ModelApp everything with its label.
  private Stream<ObjectKey> keys(ResourceType of, ResourceType type, ObjectKey key) {
    if (of.equals(type)) {
      return Stream.of(key);
    }
    return type.equals(Kinds.MODEL_APP) && MADE.contains(of)
        ? cluster.inNamespace(of, key.namespace()).stream()
            .filter(object -> key.name().equals(Json.labels(object).get(MODEL_APP)))
            .map(ObjectKey::of)
        : Stream.empty();
  }

  private static boolean isMain(Trace trace) {
    return !ASIDE.contains(trace.reconciler());
  }

  private static void queue(ObjectNode queue, Trace trace) {
    queue.put("reconciler", trace.reconciler()).put("key", trace.key().toString());
    queue.put("state", trace.state().name().toLowerCase(Locale.ROOT));
    queue.put("failures", trace.failures()).put("lastError", trace.lastError());
    trace.lastRun().ifPresent(time -> queue.put("lastRun", Times.format(time)));
    trace.nextRun().ifPresent(time -> queue.put("nextRun", Times.format(time)));
  }

  private void scheduler(ObjectNode scheduler) {
    List<ObjectNode> pods = cluster.all(Kinds.POD);
    scheduler.put(
        "waiting", pods.stream().filter(p -> Json.text(p, "spec", "nodeName").isEmpty()).count());
    ArrayNode nodes = scheduler.putArray("nodes");
    for (Snapshot.Place place : Snapshot.of(cluster.all(Kinds.NODE), pods).places()) {
      Requests free = place.has().minus(place.used());
      nodes
          .addObject()
          .put("name", place.name())
          .put("pods", place.used().pods())
          .put("freeCpuMilli", free.cpuMilli())
          .put("freeMemoryBytes", free.memoryBytes());
    }
  }
}
