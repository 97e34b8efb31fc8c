package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldError;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.Versions;
import dev.berth.controller.admission.Admission;
import dev.berth.controller.policy.LimitRange;
import dev.berth.controller.policy.Priority;
import dev.berth.controller.policy.Quota;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Holds new objects to what administrators say. What counts against a quota is what is stored,
/// whatever the quota's status says by now, and what is just being stored, which is remembered
/// here: so two writes at once never both get the last place, and none waits for another's disk.
final class Policies {
  /// The kinds of which an update may use more of a quota.
  private static final Set<ResourceType> GROWING =
      Set.of(Kinds.SERVICE, Kinds.PERSISTENT_VOLUME_CLAIM);

  private final Reads reads;

  /// By their store keys. Guarded by this.
  private final Map<String, ObjectNode> beingStored = new LinkedHashMap<>();

  Policies(Reads reads) {
    this.reads = reads;
  }

  private List<ObjectNode> all(ResourceType type, @Nullable String namespace) {
    return reads.list(type, ListQuery.all(namespace)).items().stream().map(Item::tree).toList();
  }

  /// Fills in what limits and priorities say of a new object, in place.
  ///
  /// @throws ApiException `Forbidden` when they do not allow it
  void equip(KindSchema schema, ObjectNode object) {
    if (schema.type().equals(Kinds.POD)) {
      equipPod(schema, object);
    } else if (schema.type().equals(Kinds.PERSISTENT_VOLUME_CLAIM)) {
      List<String> problems = new ArrayList<>();
      all(Kinds.LIMIT_RANGE, Json.namespace(object))
          .forEach(range -> problems.addAll(LimitRange.problemsOfClaim(range, object)));
      require(schema.type(), object, problems);
    }
  }

  private void equipPod(KindSchema schema, ObjectNode pod) {
    Priority.fill(pod, all(Kinds.PRIORITY_CLASS, null))
        .ifPresent(why -> require(Kinds.POD, pod, List.of(why)));
    List<ObjectNode> ranges = all(Kinds.LIMIT_RANGE, Json.namespace(pod));
    boolean filled = false;
    for (ObjectNode range : ranges) {
      filled |= LimitRange.fill(range, pod);
    }
    if (filled) {
      Json.ensure(pod, "status").put("qosClass", KindRules.qosClass(pod));
      requireValid(schema, pod);
    }
    List<String> problems = new ArrayList<>();
    ranges.forEach(range -> problems.addAll(LimitRange.problemsOfPod(range, pod)));
    require(Kinds.POD, pod, problems);
  }

  /// A request that was filled in may be more than the limit that the author wrote.
  private static void requireValid(KindSchema schema, ObjectNode pod) {
    List<FieldError> errors = schema.validate(pod);
    if (!errors.isEmpty()) {
      throw Admission.invalid(schema.type(), pod, errors);
    }
  }

  /// Several problems are one list, as Kubernetes says them.
  private static void require(ResourceType type, ObjectNode object, List<String> problems) {
    if (!problems.isEmpty()) {
      String why = problems.size() == 1 ? problems.getFirst() : problems.toString();
      throw new ApiException(
          new ApiError.Forbidden(
              type.qualifiedName() + " \"" + Json.name(object) + "\" is forbidden: " + why));
    }
  }

  /// Returns when the quotas of the namespace allow the object; call [#settled] when it was stored
  /// or refused.
  ///
  /// @param old what is stored now, when this is an update
  /// @throws ApiException `Forbidden` when a quota is used up
  void claim(ResourceType type, ObjectNode object, @Nullable ObjectNode old) {
    if (!type.namespaced() || (old != null && !GROWING.contains(type))) {
      return;
    }
    ResourceType counted = Versions.storage(type);
    List<Quota> quotas =
        all(Kinds.RESOURCE_QUOTA, Json.namespace(object)).stream()
            .map(Quota::of)
            .filter(quota -> quota.counts(counted))
            .toList();
    if (!quotas.isEmpty()) {
      claim(counted, object, old, quotas);
    }
  }

  private synchronized void claim(
      ResourceType type, ObjectNode object, @Nullable ObjectNode old, List<Quota> quotas) {
    String key = StoreKeys.key(type, ObjectKey.of(object));
    List<ObjectNode> others = others(type, Json.namespace(object), key);
    for (Quota quota : quotas) {
      quota
          .refusal(type, object, old, others)
          .ifPresent(why -> require(type, object, List.of(why)));
    }
    beingStored.put(key, object);
  }

  /// One that is both stored and being stored counts once.
  private List<ObjectNode> others(ResourceType type, String namespace, String but) {
    Map<String, ObjectNode> others = new LinkedHashMap<>();
    reads
        .list(type, ListQuery.all(namespace))
        .items()
        .forEach(item -> others.put(item.storeKey(), item.tree()));
    String prefix = StoreKeys.prefix(type, namespace);
    beingStored.forEach(
        (key, object) -> {
          if (key.startsWith(prefix)) {
            others.put(key, object);
          }
        });
    others.remove(but);
    return List.copyOf(others.values());
  }

  synchronized void settled(ResourceType type, ObjectNode object) {
    beingStored.remove(StoreKeys.key(type, ObjectKey.of(object)), object);
  }
}
