package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Strategic merge patch: like a JSON merge patch, but lists with a merge key are merged element by
/// element. Neither argument is changed. The directives, all of them consumed and never part of a
/// result:
///
/// ```
/// $patch: replace | delete | merge    in an object: take the patch as it is; drop the object;
///                                     merge (the default). As an element of a merged list:
///                                     {$patch: replace} takes the patch's elements only,
///                                     {$patch: delete, KEY: x} drops the element with that key
/// $retainKeys: [a, b]                 in an object: drop fields that are not named (unions:
///                                     strategies, volumes)
/// $deleteFromPrimitiveList/FIELD:     [x, y] drop these values from a list of plain values
/// $setElementOrder/FIELD: [...]       the order of a merged list: of keys (as objects) or of
///                                     plain values
/// ```
///
/// A type that is not known (a map, anything) is merged as RFC 7396 does.
public final class StrategicMerge {
  private static final String PATCH = "$patch";
  private static final String RETAIN_KEYS = "$retainKeys";
  private static final String DELETE_PRIMITIVES = "$deleteFromPrimitiveList/";
  private static final String ELEMENT_ORDER = "$setElementOrder/";

  private StrategicMerge() {}

  public static ObjectNode apply(ObjectNode base, ObjectNode patch, ObjectType type) {
    return switch (Json.text(patch, PATCH)) {
      case "delete" -> Json.object();
      case "replace" -> withoutDirectives(patch);
      case "", "merge" -> merge(base, patch, type);
      default -> throw unknownDirective(patch);
    };
  }

  private static PatchException unknownDirective(JsonNode patch) {
    return PatchException.malformed("unknown $patch: " + patch.path(PATCH));
  }

  private static ObjectNode merge(ObjectNode base, ObjectNode patch, FieldType type) {
    ObjectNode result = base.deepCopy();
    retainKeys(result, patch);
    for (Map.Entry<String, JsonNode> change : patch.properties()) {
      String name = change.getKey();
      if (name.startsWith(DELETE_PRIMITIVES)) {
        String list = name.substring(DELETE_PRIMITIVES.length());
        if (!patch.has(list)) {
          deletePrimitives(result, list, change.getValue());
        }
      } else if (!name.startsWith("$")) {
        mergeField(result, patch, name, change.getValue(), type);
      } else if (!name.startsWith(ELEMENT_ORDER)
          && !name.equals(PATCH)
          && !name.equals(RETAIN_KEYS)) {
        throw PatchException.malformed("unknown directive " + name);
      }
    }
    orderUntouchedLists(result, patch, type);
    return result;
  }

  private static void retainKeys(ObjectNode result, ObjectNode patch) {
    JsonNode named = patch.path(RETAIN_KEYS);
    if (named.isMissingNode()) {
      return;
    }
    Set<String> keep = texts(named, RETAIN_KEYS);
    for (String name : patch.propertyNames()) {
      if (!name.startsWith("$") && !keep.contains(name)) {
        throw PatchException.malformed(
            "$retainKeys must name every field of the patch, not " + name);
      }
    }
    List<String> drop =
        result.propertyNames().stream().filter(name -> !keep.contains(name)).toList();
    result.remove(drop);
  }

  private static Set<String> texts(JsonNode list, String what) {
    Set<String> texts = new HashSet<>();
    if (!list.isArray()) {
      throw PatchException.malformed(what + " must be a list");
    }
    list.forEach(node -> texts.add(node.asString("")));
    return texts;
  }

  private static void mergeField(
      ObjectNode result, ObjectNode patch, String name, JsonNode change, FieldType type) {
    if (change.isNull()) {
      result.remove(name);
      return;
    }
    Optional<Field> field =
        type instanceof ObjectType object ? object.field(name) : Optional.empty();
    FieldType fieldType = fieldType(type, field);
    if (change instanceof ObjectNode object) {
      mergeObject(result, name, object, field, fieldType);
    } else if (change instanceof ArrayNode list
        && fieldType instanceof ListType listType
        && listType.patchMerge()) {
      result.set(name, mergeList(result, patch, name, list, listType));
    } else {
      result.set(name, clean(change));
    }
  }

  private static FieldType fieldType(FieldType type, Optional<Field> field) {
    if (type instanceof MapType map) {
      return map.value();
    }
    return field.map(Field::type).orElse(FieldType.ANY);
  }

  private static void mergeObject(
      ObjectNode result, String name, ObjectNode change, Optional<Field> field, FieldType type) {
    boolean replaced = field.map(f -> f.merge() == Field.Merge.REPLACE).orElse(false);
    String directive = Json.text(change, PATCH);
    if (directive.equals("delete")) {
      result.remove(name);
    } else if (directive.equals("replace") || (replaced && directive.isEmpty())) {
      result.set(name, withoutDirectives(change));
    } else if (directive.isEmpty() || directive.equals("merge")) {
      ObjectNode base = result.get(name) instanceof ObjectNode present ? present : Json.object();
      result.set(name, merge(base, change, type));
    } else {
      throw unknownDirective(change);
    }
  }

  private static ArrayNode mergeList(
      ObjectNode result, ObjectNode patch, String name, ArrayNode changes, ListType type) {
    ArrayNode base = result.get(name) instanceof ArrayNode present ? present : Json.array();
    if (type.patchMergeKey().isEmpty()) {
      return mergePrimitives(base, patch, name, changes);
    }
    String key = type.patchMergeKey().get();
    List<JsonNode> real = new ArrayList<>();
    boolean replaceAll = false;
    for (JsonNode change : changes) {
      boolean onlyDirective = change.isObject() && change.size() == 1 && change.has(PATCH);
      replaceAll |= onlyDirective && Json.text(change, PATCH).equals("replace");
      if (!onlyDirective) {
        real.add(change);
      }
    }
    if (replaceAll) {
      ArrayNode taken = Json.array();
      real.stream()
          .filter(e -> !Json.text(e, PATCH).equals("delete"))
          .forEach(e -> taken.add(clean(e)));
      return taken;
    }
    return mergeByKey(base, real, key, type.element(), patch.path(ELEMENT_ORDER + name));
  }

  private static ArrayNode mergeByKey(
      ArrayNode base, List<JsonNode> changes, String key, FieldType element, JsonNode order) {
    Map<JsonNode, JsonNode> byKey = new LinkedHashMap<>();
    for (JsonNode present : base) {
      byKey.put(keyOf(present, key), present);
    }
    List<JsonNode> patched = new ArrayList<>();
    for (JsonNode change : changes) {
      JsonNode id = keyOf(change, key);
      mergeElement(byKey, id, (ObjectNode) change, element);
      patched.add(id);
    }
    return ordered(byKey, keys(order, key), patched);
  }

  private static void mergeElement(
      Map<JsonNode, JsonNode> byKey, JsonNode id, ObjectNode change, FieldType element) {
    switch (Json.text(change, PATCH)) {
      case "delete" -> byKey.remove(id);
      case "replace" -> byKey.put(id, withoutDirectives(change));
      case "", "merge" -> {
        ObjectNode base = byKey.get(id) instanceof ObjectNode present ? present : Json.object();
        byKey.put(id, merge(base, change, element));
      }
      default -> throw unknownDirective(change);
    }
  }

  private static JsonNode keyOf(JsonNode element, String key) {
    JsonNode id = element.path(key);
    if (!element.isObject() || id.isMissingNode() || id.isNull()) {
      throw PatchException.malformed("an element of a merged list lacks its key \"" + key + "\"");
    }
    return id;
  }

  private static List<JsonNode> keys(JsonNode order, String key) {
    List<JsonNode> keys = new ArrayList<>();
    order.forEach(element -> keys.add(keyOf(element, key)));
    return keys;
  }

  /// Elements that the order names stand in that order. An element that only the server has keeps
  /// its place behind the element that it stood behind; without an order, everything stays where it
  /// was and new elements come last.
  private static ArrayNode ordered(
      Map<JsonNode, JsonNode> byKey, List<JsonNode> order, List<JsonNode> patched) {
    ArrayNode result = Json.array();
    if (order.isEmpty()) {
      byKey.values().forEach(element -> result.add(clean(element)));
      return result;
    }
    requireOrdered(order, patched, byKey);
    for (JsonNode id : positions(byKey.keySet(), order)) {
      result.add(clean(byKey.getOrDefault(id, id)));
    }
    return result;
  }

  private static void requireOrdered(
      List<JsonNode> order, List<JsonNode> patched, Map<JsonNode, JsonNode> byKey) {
    Set<JsonNode> named = new HashSet<>(order);
    for (JsonNode id : patched) {
      if (byKey.containsKey(id) && !named.contains(id)) {
        throw PatchException.malformed(
            "$setElementOrder does not name " + id + ", which the patch changes");
      }
    }
  }

  private static List<JsonNode> positions(Set<JsonNode> present, List<JsonNode> order) {
    Set<JsonNode> named = new LinkedHashSet<>(order);
    Map<JsonNode, List<JsonNode>> followers = new HashMap<>();
    List<JsonNode> first = new ArrayList<>();
    List<JsonNode> current = first;
    for (JsonNode id : present) {
      if (named.contains(id)) {
        current = followers.computeIfAbsent(id, _ -> new ArrayList<>());
      } else {
        current.add(id);
      }
    }
    List<JsonNode> result = new ArrayList<>(first);
    for (JsonNode id : named) {
      if (present.contains(id)) {
        result.add(id);
        result.addAll(followers.getOrDefault(id, List.of()));
      }
    }
    return result;
  }

  private static ArrayNode mergePrimitives(
      ArrayNode base, ObjectNode patch, String name, ArrayNode changes) {
    Set<JsonNode> dropped = new HashSet<>();
    patch.path(DELETE_PRIMITIVES + name).forEach(dropped::add);
    Map<JsonNode, JsonNode> values = new LinkedHashMap<>();
    base.forEach(value -> values.put(value, value));
    values.keySet().removeAll(dropped);
    changes.forEach(value -> values.put(value, value));
    List<JsonNode> order = new ArrayList<>();
    patch.path(ELEMENT_ORDER + name).forEach(order::add);
    List<JsonNode> patched = new ArrayList<>();
    changes.forEach(patched::add);
    return ordered(values, order, patched);
  }

  private static void deletePrimitives(ObjectNode result, String name, JsonNode values) {
    if (!values.isArray()) {
      throw PatchException.malformed(DELETE_PRIMITIVES + name + " must be a list");
    }
    if (result.get(name) instanceof ArrayNode list) {
      Set<JsonNode> dropped = new HashSet<>();
      values.forEach(dropped::add);
      ArrayNode kept = Json.array();
      list.valueStream().filter(value -> !dropped.contains(value)).forEach(kept::add);
      result.set(name, kept);
    }
  }

  /// An order may come without a change of the list itself.
  private static void orderUntouchedLists(ObjectNode result, ObjectNode patch, FieldType type) {
    for (Map.Entry<String, JsonNode> entry : patch.properties()) {
      if (!entry.getKey().startsWith(ELEMENT_ORDER) || !(type instanceof ObjectType object)) {
        continue;
      }
      String name = entry.getKey().substring(ELEMENT_ORDER.length());
      boolean untouched = !patch.has(name);
      if (untouched
          && result.get(name) instanceof ArrayNode list
          && object.field(name).map(Field::type).orElse(FieldType.ANY) instanceof ListType listType
          && listType.patchMerge()) {
        result.set(name, reordered(list, entry.getValue(), listType));
      }
    }
  }

  private static ArrayNode reordered(ArrayNode list, JsonNode order, ListType type) {
    if (type.patchMergeKey().isPresent()) {
      return mergeByKey(list, List.of(), type.patchMergeKey().get(), type.element(), order);
    }
    Map<JsonNode, JsonNode> values = new LinkedHashMap<>();
    list.forEach(value -> values.put(value, value));
    List<JsonNode> wanted = new ArrayList<>();
    order.forEach(wanted::add);
    return ordered(values, wanted, List.of());
  }

  /// What is taken as it is: directives and nulls inside it say nothing any more.
  private static JsonNode clean(JsonNode node) {
    if (node instanceof ObjectNode object) {
      return withoutDirectives(object);
    }
    if (node instanceof ArrayNode array) {
      ArrayNode copy = Json.array();
      for (JsonNode element : array) {
        boolean directive = element.isObject() && element.size() == 1 && element.has(PATCH);
        if (!directive && !Json.text(element, PATCH).equals("delete")) {
          copy.add(clean(element));
        }
      }
      return copy;
    }
    return node.deepCopy();
  }

  private static ObjectNode withoutDirectives(ObjectNode object) {
    ObjectNode copy = Json.object();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      boolean directive =
          entry.getKey().equals(PATCH)
              || entry.getKey().equals(RETAIN_KEYS)
              || entry.getKey().startsWith(DELETE_PRIMITIVES)
              || entry.getKey().startsWith(ELEMENT_ORDER);
      if (!directive && !entry.getValue().isNull()) {
        copy.set(entry.getKey(), clean(entry.getValue()));
      }
    }
    return copy;
  }
}
