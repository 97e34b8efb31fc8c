package dev.berth.controller.resource;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Builds the next object from the present one and what a writer wants, so that each writer changes
/// only its own part and nobody changes what the server owns.
final class Merging {
  private static final List<String> SERVER_OWNED =
      List.of(
          "name",
          "namespace",
          "uid",
          "creationTimestamp",
          "generation",
          "deletionTimestamp",
          "deletionGracePeriodSeconds");

  private Merging() {}

  static ObjectNode next(
      ResourceType type, ObjectNode present, ObjectNode wanted, Subresource subresource) {
    return switch (subresource) {
      case NONE -> wishes(type, present, wanted);
      case STATUS -> with(present, wanted, "status");
      case FINALIZE -> with(present, wanted, "spec");
      case BINDING -> wanted;
    };
  }

  private static ObjectNode with(ObjectNode present, ObjectNode wanted, String part) {
    ObjectNode next = Json.deepCopy(present);
    if (wanted.has(part)) {
      next.set(part, wanted.path(part));
    } else {
      next.remove(part);
    }
    return next;
  }

  private static ObjectNode wishes(ResourceType type, ObjectNode present, ObjectNode wanted) {
    ObjectNode next = Json.deepCopy(wanted);
    ObjectNode meta = Json.meta(next);
    for (String field : SERVER_OWNED) {
      carry(present.path("metadata"), meta, field);
    }
    meta.remove(List.of("managedFields", "selfLink"));
    if (KindRules.hasStatus(type)) {
      carry(present, next, "status");
    }
    if (type.equals(Kinds.SERVICE)) {
      keepAddress(present, next);
    }
    if (type.equals(Kinds.NAMESPACE)) {
      carry(present.path("spec"), Json.ensure(next, "spec"), "finalizers");
    }
    if (KindRules.hasGeneration(type) && KindRules.wishChanged(present, next)) {
      meta.put("generation", Json.generation(present) + 1);
    }
    return next;
  }

  /// A Service keeps the address it was given when an update does not speak of it.
  private static void keepAddress(ObjectNode present, ObjectNode next) {
    ObjectNode spec = Json.ensure(next, "spec");
    for (String field : List.of("clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy")) {
      if (Json.isEmpty(spec.get(field)) && present.path("spec").has(field)) {
        spec.set(field, present.path("spec").path(field));
      }
    }
  }

  private static void carry(JsonNode from, ObjectNode to, String field) {
    if (from.has(field)) {
      to.set(field, from.path(field));
    } else {
      to.remove(field);
    }
  }
}
