package dev.berth.controller.resource;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
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

  private static final Set<String> DECISIONS = Set.of("Approved", "Denied");

  private Merging() {}

  static ObjectNode next(
      ResourceType type, ObjectNode present, ObjectNode wanted, Subresource subresource) {
    return switch (subresource) {
      case NONE -> wishes(type, present, wanted);
      case STATUS ->
          type.equals(Kinds.CERTIFICATE_SIGNING_REQUEST)
              ? decided(with(present, wanted, "status"), wanted, present)
              : with(present, wanted, "status");
      case APPROVAL -> decided(Json.deepCopy(present), present, wanted);
      case FINALIZE -> with(present, wanted, "spec");
      case BINDING -> wanted;
    };
  }

  /// Who decides writes `approval`, who signs writes `status`: neither does the other's part.
  ///
  /// @param others whose other conditions count
  /// @param deciding whose decisions count
  private static ObjectNode decided(ObjectNode next, ObjectNode others, ObjectNode deciding) {
    ArrayNode conditions = Json.array();
    Json.at(deciding, "status", "conditions")
        .valueStream()
        .filter(Merging::isDecision)
        .forEach(conditions::add);
    Json.at(others, "status", "conditions")
        .valueStream()
        .filter(condition -> !isDecision(condition))
        .forEach(conditions::add);
    if (conditions.isEmpty()) {
      Json.ensure(next, "status").remove("conditions");
    } else {
      Json.ensure(next, "status").set("conditions", conditions);
    }
    return next;
  }

  private static boolean isDecision(JsonNode condition) {
    return DECISIONS.contains(Json.text(condition, "type"));
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
    meta.remove("selfLink");
    if (KindRules.hasStatus(type)) {
      carry(present, next, "status");
    }
    if (type.equals(Kinds.SERVICE)) {
      keepAddress(present, next);
    }
    if (type.equals(Kinds.CERTIFICATE_SIGNING_REQUEST)) {
      carry(present, next, "spec");
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
