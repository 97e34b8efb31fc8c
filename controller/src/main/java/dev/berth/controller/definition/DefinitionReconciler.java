package dev.berth.controller.definition;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.KindRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One definition.
public final class DefinitionReconciler implements Reconciler {
  private static final ResourceType TYPE = Kinds.CUSTOM_RESOURCE_DEFINITION;
  private static final Duration AGAIN = Duration.ofSeconds(1);

  private final Cluster cluster;
  private final Consumer<ResourceType> established;
  private final Consumer<String> gone;

  /// Makes the reconciler.
  ///
  /// @param established hears of a kind that is served, at least once after each start
  /// @param gone hears the name of a definition that was there and is no more
  public DefinitionReconciler(
      Cluster cluster, Consumer<ResourceType> established, Consumer<String> gone) {
    this.cluster = cluster;
    this.established = established;
    this.gone = gone;
  }

  /// A definition that goes may leave a name to another that waits for it.
  public static void wire(Cluster cluster, ReconcileLoop loop) {
    cluster.onChange(
        TYPE,
        change -> {
          loop.add(ObjectKey.of(change.after()));
          if (change.deleted()) {
            cluster.all(TYPE).forEach(other -> loop.add(ObjectKey.of(other)));
          }
        });
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> found = cluster.find(TYPE, key);
    if (found.isEmpty()) {
      gone.accept(key.name());
      return Result.DONE;
    }
    ObjectNode definition = found.get();
    if (Json.isDeleting(definition)) {
      return finish(definition);
    }
    ObjectNode next = DefinitionPlan.withStatus(definition, cluster.all(TYPE), cluster.now());
    if (!next.equals(definition)) {
      cluster.perform(List.of(new Action.UpdateStatus(TYPE, next)));
    }
    named(cluster.resources().kinds().custom(), definition).ifPresent(established);
    return Result.DONE;
  }

  private Result finish(ObjectNode definition) {
    if (!isHeld(definition)) {
      return Result.DONE;
    }
    ObjectNode next = Json.deepCopy(definition);
    Conditions.set(
        next,
        new Condition(
            "Terminating",
            Condition.TRUE,
            "InstanceDeletionInProgress",
            "the objects of this kind are being deleted",
            cluster.now(),
            0));
    if (!next.equals(definition)) {
      cluster.perform(List.of(new Action.UpdateStatus(TYPE, next)));
    }
    if (deleteObjects(definition)) {
      return new Result.RequeueAfter(AGAIN);
    }
    cluster
        .resources()
        .find(TYPE, ObjectKey.of(definition))
        .ifPresent(now -> cluster.perform(List.of(new Action.Update(TYPE, released(now.tree())))));
    return Result.DONE;
  }

  /// All versions share their objects, so the stored one is enough.
  private boolean deleteObjects(ObjectNode definition) {
    return named(cluster.resources().kinds().storedCustom(), definition)
        .map(type -> cluster.deleteAll(type, ""))
        .orElse(false);
  }

  private static Optional<ResourceType> named(List<ResourceType> types, ObjectNode definition) {
    String name = Json.name(definition);
    return types.stream().filter(type -> type.qualifiedName().equals(name)).findFirst();
  }

  private static boolean isHeld(JsonNode definition) {
    return Json.at(definition, "metadata", "finalizers")
        .valueStream()
        .anyMatch(each -> each.asString("").equals(KindRules.OBJECTS_FIRST));
  }

  private static ObjectNode released(ObjectNode definition) {
    ObjectNode next = Json.deepCopy(definition);
    ArrayNode kept = Json.array();
    Json.at(definition, "metadata", "finalizers")
        .valueStream()
        .filter(each -> !each.asString("").equals(KindRules.OBJECTS_FIRST))
        .forEach(kept::add);
    Json.meta(next).set("finalizers", kept);
    return next;
  }
}
