package dev.berth.api.schema;

import dev.berth.api.schema.FieldType.AnyType;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Takes away what a type does not have. Values of a wrong type stay: they are somebody else's to
/// refuse.
final class Pruning {
  private Pruning() {}

  /// In place.
  ///
  /// @return whether there was anything to take away
  static boolean drop(ObjectNode object, ObjectType type) {
    List<String> unknown = new ArrayList<>();
    boolean dropped = false;
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      Field field = type.fields().get(each.getKey());
      if (field != null) {
        dropped |= within(each.getValue(), field.type());
      } else if (!type.open()) {
        unknown.add(each.getKey());
      }
    }
    if (!unknown.isEmpty()) {
      object.remove(unknown);
    }
    return dropped || !unknown.isEmpty();
  }

  private static boolean within(JsonNode value, FieldType type) {
    return switch (type) {
      case ObjectType object -> value instanceof ObjectNode fields && drop(fields, object);
      case ListType list -> each(value, list.element());
      case MapType map -> each(value, map.value());
      case Scalar _, AnyType _ -> false;
    };
  }

  private static boolean each(JsonNode values, FieldType type) {
    boolean dropped = false;
    if (!(type instanceof Scalar) && values.isContainer()) {
      for (JsonNode value : values.values()) {
        dropped |= within(value, type);
      }
    }
    return dropped;
  }
}
