package dev.berth.api.apply;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.ListType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A live value with a configuration laid over it. What the configuration does not name stays.
final class Merge {
  private Merge() {}

  static ObjectNode of(ObjectNode live, ObjectNode config, FieldType type) {
    return (ObjectNode) merge(live, config, type);
  }

  private static JsonNode merge(@Nullable JsonNode live, JsonNode config, FieldType type) {
    if (Ownership.isWhole(config, type)) {
      return config.deepCopy();
    }
    if (config instanceof ArrayNode list) {
      return list(live instanceof ArrayNode present ? present : Json.array(), list, type);
    }
    ObjectNode result = live instanceof ObjectNode present ? present.deepCopy() : Json.object();
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      FieldType below = PathElement.below(type, PathElement.field(entry.getKey()));
      if (entry.getValue().isNull()) {
        result.remove(entry.getKey());
      } else {
        result.set(entry.getKey(), merge(result.get(entry.getKey()), entry.getValue(), below));
      }
    }
    return result;
  }

  /// Elements that only the live list has stay before the element that they stood before; those of
  /// the configuration keep its order.
  private static ArrayNode list(ArrayNode live, ArrayNode config, FieldType type) {
    ListType listType = (ListType) type;
    Map<String, JsonNode> wanted = byKey(config, listType);
    Map<String, JsonNode> present = byKey(live, listType);
    Deque<JsonNode> rest = new ArrayDeque<>();
    live.forEach(rest::add);
    Set<String> placed = new HashSet<>();
    ArrayNode result = Json.array();
    for (Map.Entry<String, JsonNode> entry : wanted.entrySet()) {
      liveOnly(rest, wanted, placed, entry.getKey(), present.containsKey(entry.getKey()), listType)
          .forEach(result::add);
      result.add(merge(present.get(entry.getKey()), entry.getValue(), listType.element()));
      placed.add(entry.getKey());
    }
    rest.stream()
        .filter(element -> !wanted.containsKey(PathElement.of(listType, element)))
        .forEach(element -> result.add(element.deepCopy()));
    return result;
  }

  private static Map<String, JsonNode> byKey(ArrayNode list, ListType type) {
    Map<String, JsonNode> byKey = new LinkedHashMap<>();
    list.forEach(element -> byKey.putIfAbsent(PathElement.of(type, element), element));
    return byKey;
  }

  /// Takes from the live elements what stands before the next element of the configuration.
  private static List<JsonNode> liveOnly(
      Deque<JsonNode> rest,
      Map<String, JsonNode> wanted,
      Set<String> placed,
      String next,
      boolean nextIsLive,
      ListType type) {
    List<JsonNode> taken = new ArrayList<>();
    while (!rest.isEmpty()) {
      String key = PathElement.of(type, rest.getFirst());
      boolean shared = wanted.containsKey(key);
      if (key.equals(next)) {
        rest.removeFirst();
        return taken;
      }
      if (shared && !nextIsLive && !placed.contains(key)) {
        return taken;
      }
      JsonNode element = rest.removeFirst();
      if (!shared) {
        taken.add(element.deepCopy());
      }
    }
    return taken;
  }
}
