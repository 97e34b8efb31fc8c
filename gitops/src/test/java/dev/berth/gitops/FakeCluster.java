package dev.berth.gitops;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.gitops.port.Actor;
import dev.berth.gitops.port.Cluster;
import dev.berth.gitops.port.ObjectRef;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects in memory, with as much of server-side apply as the engine can tell: fields of ours that
/// are no more applied go, those of others stay.
public final class FakeCluster implements Cluster {
  private final Map<ObjectRef, ObjectNode> objects = new TreeMap<>();
  private final Map<ObjectRef, ObjectNode> applied = new HashMap<>();
  private final List<String> writes = new ArrayList<>();
  private BiPredicate<ObjectRef, Actor> allowed = (ref, actor) -> true;
  private Optional<ApiError> trouble = Optional.empty();
  private long revision;

  /// What was written, in order: `apply ConfigMap/default/a`, `delete ...`.
  public synchronized List<String> takeWrites() {
    List<String> taken = List.copyOf(writes);
    writes.clear();
    return taken;
  }

  public synchronized void allow(BiPredicate<ObjectRef, Actor> allowed) {
    this.allowed = allowed;
  }

  /// Every write fails so, until there is no trouble any more.
  public synchronized void trouble(Optional<ApiError> trouble) {
    this.trouble = trouble;
  }

  public synchronized Optional<ObjectNode> get(String ref) {
    return Optional.ofNullable(objects.get(ObjectRef.parse(ref))).map(Json::deepCopy);
  }

  /// What another writer does.
  public synchronized void put(ObjectNode object) {
    ObjectNode stored = Json.deepCopy(object);
    Json.meta(stored).put("resourceVersion", String.valueOf(++revision));
    if (Json.uid(stored).isEmpty()) {
      Json.meta(stored).put("uid", "uid-" + revision);
    }
    objects.put(ObjectRef.of(stored), stored);
  }

  public synchronized void remove(String ref) {
    objects.remove(ObjectRef.parse(ref));
    applied.remove(ObjectRef.parse(ref));
  }

  @Override
  public synchronized Optional<ResourceType> kind(GroupVersionKind gvk) {
    return Kinds.byKind(gvk);
  }

  @Override
  public synchronized Optional<ResourceType> kind(String group, String kind) {
    return Kinds.all().stream()
        .filter(type -> type.gvk().group().equals(group) && type.kind().equals(kind))
        .findFirst();
  }

  @Override
  public synchronized Optional<ObjectNode> get(ResourceType type, ObjectKey key) {
    return Optional.ofNullable(objects.get(ref(type, key))).map(Json::deepCopy);
  }

  private static ObjectRef ref(ResourceType type, ObjectKey key) {
    return new ObjectRef(type.gvk().group(), type.kind(), key.namespace(), key.name());
  }

  @Override
  public synchronized List<ObjectNode> list(ResourceType type) {
    return objects.entrySet().stream()
        .filter(entry -> entry.getKey().kind().equals(type.kind()))
        .map(entry -> Json.deepCopy(entry.getValue()))
        .toList();
  }

  @Override
  public synchronized void requireWrite(ResourceType type, ObjectKey key, Actor actor) {
    ObjectRef ref = ref(type, key);
    if (!allowed.test(ref, actor)) {
      throw new ApiException(new ApiError.Forbidden(ref + " is forbidden"));
    }
  }

  private void requireNoTrouble() {
    trouble.ifPresent(
        error -> {
          throw new ApiException(error);
        });
  }

  @Override
  public synchronized ObjectNode apply(
      ResourceType type, ObjectNode object, boolean dryRun, Actor actor) {
    ObjectRef ref = ObjectRef.of(object);
    requireWrite(type, ref.key(), actor);
    requireNoTrouble();
    if (object.path("invalid").asBoolean(false)) {
      throw new ApiException(new ApiError.BadRequest("invalid: unknown field"));
    }
    for (var entry : object.path("stringData").properties()) {
      if (!entry.getValue().isString()) {
        String message = "expected text, found the number " + entry.getValue().asString();
        String field = "stringData[" + entry.getKey() + "]";
        throw new ApiException(
            ApiError.Invalid.of(
                ref.kind(),
                ref.name(),
                List.of(new ApiError.Cause(field, "FieldValueTypeInvalid", message))));
      }
    }
    ObjectNode live = objects.get(ref);
    ObjectNode next = live == null ? Json.object() : Json.deepCopy(live);
    Optional.ofNullable(applied.get(ref)).ifPresent(before -> remove(next, before, object));
    merge(next, object);
    if (dryRun) {
      return next;
    }
    writes.add("apply " + ref);
    applied.put(ref, Json.deepCopy(object));
    if (!next.equals(live)) {
      Json.meta(next).put("generation", Json.generation(next) + 1);
      put(next);
    }
    return Json.deepCopy(Objects.requireNonNull(objects.get(ref)));
  }

  private static void remove(ObjectNode from, JsonNode before, JsonNode now) {
    for (String name : List.copyOf(before.propertyNames())) {
      if (!now.has(name)) {
        from.remove(name);
      } else if (from.get(name) instanceof ObjectNode inner) {
        remove(inner, before.path(name), now.path(name));
      }
    }
  }

  private static void merge(ObjectNode into, ObjectNode from) {
    from.properties()
        .forEach(
            entry -> {
              if (entry.getValue() instanceof ObjectNode child) {
                merge(Json.ensure(into, entry.getKey()), child);
              } else {
                into.set(entry.getKey(), entry.getValue().deepCopy());
              }
            });
  }

  @Override
  public synchronized void delete(ResourceType type, ObjectKey key, String uid, Actor actor) {
    requireWrite(type, key, actor);
    requireNoTrouble();
    writes.add("delete " + ref(type, key));
    objects.remove(ref(type, key));
    applied.remove(ref(type, key));
  }
}
