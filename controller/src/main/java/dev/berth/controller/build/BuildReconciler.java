package dev.berth.controller.build;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.build.ImageBuild;
import dev.berth.api.build.ImageBuildStatus.Phase;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.Note;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Places builds: on the ready node that has the fewest unfinished ones.
public final class BuildReconciler implements Reconciler {
  private static final String COMPONENT = "build-controller";

  private final Cluster cluster;

  public BuildReconciler(Cluster cluster) {
    this.cluster = cluster;
  }

  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(Kinds.IMAGE_BUILD, change -> loop.add(ObjectKey.of(change.after())));
    cluster.onChange(
        Kinds.NODE,
        change -> {
          boolean sameReadiness =
              change.before() != null
                  && !change.deleted()
                  && isUsable(change.before()) == isUsable(change.after());
          if (!sameReadiness) {
            cluster.all(Kinds.IMAGE_BUILD).forEach(build -> loop.add(ObjectKey.of(build)));
          }
        });
  }

  @Override
  public synchronized Result reconcile(ObjectKey key) {
    Optional<ObjectNode> build = cluster.find(Kinds.IMAGE_BUILD, key);
    if (build.isPresent()) {
      cluster.perform(
          plan(
              build.get(), cluster.all(Kinds.NODE), cluster.all(Kinds.IMAGE_BUILD), cluster.now()));
    }
    return Result.DONE;
  }

  static List<Action> plan(
      ObjectNode tree, List<ObjectNode> nodes, List<ObjectNode> builds, Instant now) {
    ImageBuild build = ImageBuild.read(tree);
    boolean placed =
        build
            .spec()
            .nodeName()
            .filter(name -> nodes.stream().anyMatch(n -> Json.name(n).equals(name)))
            .isPresent();
    if (placed || build.status().phase().isFinal() || Json.isDeleting(tree)) {
      return List.of();
    }
    Optional<ObjectNode> node =
        nodes.stream()
            .filter(BuildReconciler::isUsable)
            .min(
                Comparator.<ObjectNode>comparingLong(n -> unfinished(builds, Json.name(n)))
                    .thenComparing(Json::name));
    return node.map(n -> place(tree, Json.name(n)))
        .orElseGet(() -> waiting(tree, nodes.size(), now));
  }

  private static boolean isUsable(JsonNode node) {
    boolean cordoned = Json.at(node, "spec", "unschedulable").asBoolean(false);
    return Conditions.isTrue(node, "Ready")
        && !cordoned
        && Json.isEmpty(Json.at(node, "spec", "taints"));
  }

  private static long unfinished(List<ObjectNode> builds, String node) {
    return builds.stream()
        .filter(build -> Json.text(build, "spec", "nodeName").equals(node))
        .filter(build -> !Json.text(build, "status", "phase").equals(Phase.SUCCEEDED.toString()))
        .filter(build -> !Json.text(build, "status", "phase").equals(Phase.FAILED.toString()))
        .count();
  }

  private static List<Action> place(ObjectNode build, String node) {
    ObjectNode next = Json.deepCopy(build);
    Json.ensure(next, "spec").put("nodeName", node);
    return List.of(
        new Action.Update(Kinds.IMAGE_BUILD, next),
        new Action.Emit(Note.normal(build, "Placed", "the build runs on node " + node, COMPONENT)));
  }

  private static List<Action> waiting(ObjectNode build, int nodes, Instant now) {
    ObjectNode next = Json.deepCopy(build);
    Json.ensure(next, "status").put("phase", Phase.PENDING.toString());
    String message =
        nodes == 0
            ? "no node has registered; start an agent"
            : "none of the " + nodes + " nodes is ready and free of taints";
    Conditions.set(next, new Condition("Ready", Condition.FALSE, "NoNode", message, now, 0));
    return next.equals(build)
        ? List.of()
        : List.of(new Action.UpdateStatus(Kinds.IMAGE_BUILD, next));
  }
}
