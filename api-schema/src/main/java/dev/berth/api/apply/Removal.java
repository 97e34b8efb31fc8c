package dev.berth.api.apply;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.ListType;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A tree without the values at the paths of a set. What becomes empty by that goes too.
final class Removal {
  private Removal() {}

  static ObjectNode of(ObjectNode tree, FieldSet remove, FieldType type) {
    return object(tree, remove, type);
  }

  private static ObjectNode object(ObjectNode tree, FieldSet remove, FieldType type) {
    ObjectNode result = Json.object();
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      String element = PathElement.field(entry.getKey());
      FieldSet here = remove.child(element);
      if (here.member()) {
        continue;
      }
      JsonNode kept = value(entry.getValue(), here, PathElement.below(type, element));
      if (!(kept.isContainer() && kept.isEmpty() && !entry.getValue().isEmpty())) {
        result.set(entry.getKey(), kept);
      }
    }
    return result;
  }

  private static JsonNode value(JsonNode value, FieldSet remove, FieldType type) {
    if (remove.isEmpty() || Ownership.isWhole(value, type)) {
      return value.deepCopy();
    }
    return value instanceof ArrayNode list
        ? list(list, remove, (ListType) type)
        : object((ObjectNode) value, remove, type);
  }

  private static ArrayNode list(ArrayNode list, FieldSet remove, ListType type) {
    ArrayNode result = Json.array();
    for (JsonNode element : list) {
      FieldSet here = remove.child(PathElement.of(type, element));
      if (!here.member()) {
        result.add(value(element, here, type.element()));
      }
    }
    return result;
  }
}
