package dev.berth.controller.garbage;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Cluster;
import dev.berth.controller.reconcile.ReconcileLoop;
import dev.berth.controller.reconcile.Reconciler;
import dev.berth.controller.reconcile.Result;
import dev.berth.controller.resource.Item;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Garbage among the objects of one kind.
public final class GarbageReconciler implements Reconciler {
  private static final Duration EVENT_LIFE = Duration.ofHours(1);
  private static final String FOREGROUND = "foregroundDeletion";
  private static final String ORPHAN = "orphan";

  private final Cluster cluster;
  private final ResourceType type;

  public GarbageReconciler(Cluster cluster, ResourceType type) {
    this.cluster = cluster;
    this.type = type;
  }

  /// An object is looked at when it changes, when one of its owners goes, and, if it waits for its
  /// dependants, when one of those goes.
  public static void wire(Cluster cluster, ResourceType type, ReconcileLoop loop) {
    cluster.onChange(
        type,
        change -> {
          if (!change.deleted()) {
            loop.add(ObjectKey.of(change.after()));
          }
        });
    for (ResourceType other : cluster.kinds()) {
      hear(cluster, other, type, loop);
    }
  }

  /// What goes among `other` may be an owner or a dependant of one of `type`.
  public static void hear(
      Cluster cluster, ResourceType other, ResourceType type, ReconcileLoop loop) {
    cluster.onChange(
        other,
        change -> {
          if (change.deleted()) {
            cluster
                .ownedBy(type, Json.uid(change.after()))
                .forEach(dependant -> loop.add(ObjectKey.of(dependant)));
            owners(change.after(), type).forEach(loop::add);
          }
        });
  }

  private static List<ObjectKey> owners(ObjectNode object, ResourceType type) {
    List<ObjectKey> keys = new ArrayList<>();
    for (JsonNode reference : Json.at(object, "metadata", "ownerReferences")) {
      if (names(reference, type)) {
        keys.add(key(object, reference, type));
      }
    }
    return keys;
  }

  /// In whatever version: the uid decides later.
  private static boolean names(JsonNode reference, ResourceType type) {
    GroupVersionKind named = gvk(reference);
    return named.group().equals(type.gvk().group()) && named.kind().equals(type.kind());
  }

  private static GroupVersionKind gvk(JsonNode reference) {
    return GroupVersionKind.parse(Json.text(reference, "apiVersion"), Json.text(reference, "kind"));
  }

  private static ObjectKey key(ObjectNode dependant, JsonNode reference, ResourceType owner) {
    return new ObjectKey(
        owner.namespaced() ? Json.namespace(dependant) : "", Json.text(reference, "name"));
  }

  @Override
  public Result reconcile(ObjectKey key) {
    Optional<ObjectNode> found = cluster.find(type, key);
    if (found.isEmpty()) {
      return Result.DONE;
    }
    ObjectNode object = found.get();
    if (type.equals(Kinds.EVENT)) {
      return expire(object);
    }
    if (Json.isDeleting(object)) {
      cluster.perform(finish(object));
    } else if (isAbandoned(object)) {
      cluster.perform(List.of(Action.Delete.of(type, object)));
    }
    return Result.DONE;
  }

  private Result expire(ObjectNode event) {
    Instant last = lastSeen(event);
    Duration left = Duration.between(cluster.now(), last.plus(EVENT_LIFE));
    if (left.isPositive()) {
      return new Result.RequeueAfter(left);
    }
    cluster.perform(List.of(Action.Delete.of(type, event)));
    return Result.DONE;
  }

  /// A reporter's clock may be wrong, or tell of something old: an event lives from when it was
  /// written, at the least.
  private static Instant lastSeen(ObjectNode event) {
    return Stream.of(
            Times.at(event, "lastTimestamp"),
            Times.at(event, "series", "lastObservedTime"),
            Times.at(event, "eventTime"),
            Times.at(event, "metadata", "creationTimestamp"))
        .flatMap(Optional::stream)
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  /// True when the object has owners and all of them are gone.
  private boolean isAbandoned(ObjectNode object) {
    JsonNode references = Json.at(object, "metadata", "ownerReferences");
    if (references.isEmpty()) {
      return false;
    }
    for (JsonNode reference : references) {
      if (isAlive(object, reference)) {
        return false;
      }
    }
    return true;
  }

  /// An owner of a kind that is not served here cannot be judged: it counts as alive. An owner that
  /// waits for its dependants wants them gone. The store itself is asked, not the cache, because
  /// the caches of two kinds are not of the same moment: a young owner might be missing there.
  private boolean isAlive(ObjectNode dependant, JsonNode reference) {
    return cluster
        .resources()
        .kinds()
        .byKind(gvk(reference))
        .map(
            owner ->
                cluster
                    .resources()
                    .find(owner, key(dependant, reference, owner))
                    .map(Item::tree)
                    .filter(found -> Json.uid(found).equals(Json.text(reference, "uid")))
                    .filter(found -> !waitsForDependants(found))
                    .isPresent())
        .orElse(true);
  }

  private static boolean waitsForDependants(ObjectNode owner) {
    return Json.isDeleting(owner) && hasFinalizer(owner, FOREGROUND);
  }

  private static boolean hasFinalizer(JsonNode object, String name) {
    for (JsonNode finalizer : Json.at(object, "metadata", "finalizers")) {
      if (finalizer.asString("").equals(name)) {
        return true;
      }
    }
    return false;
  }

  private List<Action> finish(ObjectNode owner) {
    if (hasFinalizer(owner, ORPHAN)) {
      List<Action> actions = new ArrayList<>(release(owner));
      actions.add(withoutFinalizer(owner, ORPHAN));
      return actions;
    }
    if (!hasFinalizer(owner, FOREGROUND)) {
      return List.of();
    }
    List<Action> deletions = deleteDependants(owner);
    return deletions.isEmpty() && dependants(owner).isEmpty()
        ? List.of(withoutFinalizer(owner, FOREGROUND))
        : deletions;
  }

  private record Dependant(ResourceType type, ObjectNode object) {}

  private List<Dependant> dependants(ObjectNode owner) {
    return cluster.kinds().stream()
        .flatMap(t -> cluster.ownedBy(t, Json.uid(owner)).stream().map(o -> new Dependant(t, o)))
        .toList();
  }

  private List<Action> deleteDependants(ObjectNode owner) {
    return dependants(owner).stream()
        .filter(each -> !Json.isDeleting(each.object()))
        .<Action>map(each -> Action.Delete.of(each.type(), each.object()))
        .toList();
  }

  private List<Action> release(ObjectNode owner) {
    return dependants(owner).stream()
        .<Action>map(
            each -> new Action.Update(each.type(), withoutOwner(each.object(), Json.uid(owner))))
        .toList();
  }

  private static ObjectNode withoutOwner(ObjectNode object, String uid) {
    ObjectNode next = Json.deepCopy(object);
    ArrayNode kept = Json.array();
    for (JsonNode reference : Json.at(object, "metadata", "ownerReferences")) {
      if (!Json.text(reference, "uid").equals(uid)) {
        kept.add(reference);
      }
    }
    Json.meta(next).set("ownerReferences", kept);
    return next;
  }

  private Action withoutFinalizer(ObjectNode object, String name) {
    ObjectNode next = Json.deepCopy(object);
    ArrayNode kept = Json.array();
    for (JsonNode finalizer : Json.at(object, "metadata", "finalizers")) {
      if (!finalizer.asString("").equals(name)) {
        kept.add(finalizer);
      }
    }
    Json.meta(next).set("finalizers", kept);
    return new Action.Update(type, next);
  }
}
