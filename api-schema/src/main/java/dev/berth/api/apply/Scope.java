package dev.berth.api.apply;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a write through the object or one of its subresources is about: `status` belongs to the
/// subresource of that name and to nothing else. The fields that identify an object or are the
/// server's belong to nobody.
final class Scope {
  private static final List<String> SERVERS =
      List.of(
          "name",
          "namespace",
          "creationTimestamp",
          "selfLink",
          "uid",
          "generation",
          "managedFields",
          "resourceVersion");

  /// Objects that every typed object has, filled or not, and lists that are written even where they
  /// are empty: a new object does not own them by having them.
  private static final Set<String> ALWAYS =
      Set.of("metadata", "spec", "status", "strategy", "updateStrategy", "template", "jobTemplate");

  private static final Set<String> ALWAYS_LISTS = Set.of("containers", "rules");

  private static final FieldSet NOBODYS = nobodys();

  private Scope() {}

  private static FieldSet nobodys() {
    FieldSet set =
        FieldSet.path("f:apiVersion")
            .union(FieldSet.path("f:kind"))
            .union(FieldSet.path("f:metadata"));
    for (String name : SERVERS) {
      set = set.union(FieldSet.path("f:metadata", PathElement.field(name)));
    }
    return set;
  }

  /// The paths of a set that a writer through this subresource can own.
  static FieldSet owned(FieldSet set, String subresource) {
    FieldSet status = FieldSet.path("f:status");
    FieldSet visible =
        switch (subresource) {
          case "" -> set.without(status);
          case "status" -> set.only("f:status");
          default -> set;
        };
    return visible.without(FieldSet.path("f:metadata", "f:managedFields")).difference(NOBODYS);
  }

  /// The part of a configuration that counts: not `managedFields`, and `status` only through its
  /// subresource, where nothing else counts.
  static ObjectNode config(ObjectNode config, String subresource) {
    ObjectNode copy = withoutManagedFields(config);
    if (subresource.isEmpty()) {
      copy.remove("status");
    }
    if (subresource.equals("status")) {
      ObjectNode status = Json.object();
      for (String name : List.of("apiVersion", "kind", "status")) {
        if (copy.has(name)) {
          status.set(name, copy.get(name));
        }
      }
      return status;
    }
    return copy;
  }

  static ObjectNode withoutManagedFields(ObjectNode object) {
    ObjectNode copy = object.deepCopy();
    if (copy.get("metadata") instanceof ObjectNode metadata) {
      metadata.remove("managedFields");
    }
    return copy;
  }

  /// A tree with the parts, empty, that every object of this type has and that the other tree
  /// shows: nobody owns them by writing them first.
  static ObjectNode filled(JsonNode tree, JsonNode other, ObjectType type) {
    ObjectNode filled = tree instanceof ObjectNode object ? object.deepCopy() : Json.object();
    for (Map.Entry<String, JsonNode> entry : other.properties()) {
      String name = entry.getKey();
      FieldType below = PathElement.below(type, PathElement.field(name));
      boolean always = ALWAYS.contains(name) && entry.getValue().isObject();
      if (always && below instanceof ObjectType inner && !inner.atomic()) {
        filled.set(name, filled(filled.path(name), entry.getValue(), inner));
      } else if (ALWAYS_LISTS.contains(name) && entry.getValue().isArray() && !filled.has(name)) {
        filled.putArray(name);
      }
    }
    return filled;
  }
}
