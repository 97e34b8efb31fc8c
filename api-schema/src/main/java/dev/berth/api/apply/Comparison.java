package dev.berth.api.apply;

import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.ListType;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What differs between two versions of an object: paths that only the second has, that only the
/// first has, and whose values differ.
record Comparison(FieldSet added, FieldSet modified, FieldSet removed) {
  private static final Comparison SAME =
      new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY);

  FieldSet changed() {
    return modified.union(added);
  }

  static Comparison of(JsonNode before, JsonNode after, FieldType type) {
    return compare(before, after, type);
  }

  /// A value that is absent on one side is added or removed together with everything in it.
  private static Comparison compare(
      @Nullable JsonNode before, @Nullable JsonNode after, FieldType type) {
    boolean bothWhole =
        (before == null || isLeaf(before, type)) && (after == null || isLeaf(after, type));
    boolean leaf = bothWhole || (isBlank(before) && isBlank(after));
    Comparison inside = leaf ? SAME : inside(before, after, type);
    return new Comparison(
        mark(inside.added, before == null),
        mark(inside.modified, leaf && before != null && after != null && !before.equals(after)),
        mark(inside.removed, after == null));
  }

  private static FieldSet mark(FieldSet set, boolean member) {
    return member ? new FieldSet(true, set.children()) : set;
  }

  private static boolean isLeaf(JsonNode value, FieldType type) {
    return Ownership.isWhole(value, type);
  }

  private static boolean isBlank(@Nullable JsonNode value) {
    return value == null || value.isNull() || (value.isContainer() && value.isEmpty());
  }

  private static Comparison inside(
      @Nullable JsonNode before, @Nullable JsonNode after, FieldType type) {
    Map<String, JsonNode> old = parts(before, type);
    Map<String, JsonNode> changed = parts(after, type);
    Set<String> elements = new LinkedHashSet<>(old.keySet());
    elements.addAll(changed.keySet());
    FieldSet.Draft added = new FieldSet.Draft();
    FieldSet.Draft modified = new FieldSet.Draft();
    FieldSet.Draft removed = new FieldSet.Draft();
    for (String element : elements) {
      Comparison part =
          compare(old.get(element), changed.get(element), PathElement.below(type, element));
      added.put(element, part.added);
      modified.put(element, part.modified);
      removed.put(element, part.removed);
    }
    return new Comparison(added.done(), modified.done(), removed.done());
  }

  /// The parts of a value by path element; of several list elements with one key the last counts.
  private static Map<String, JsonNode> parts(@Nullable JsonNode value, FieldType type) {
    Map<String, JsonNode> parts = new LinkedHashMap<>();
    if (value == null) {
      return parts;
    }
    if (value.isArray() && type instanceof ListType list && !Ownership.isWhole(value, type)) {
      value.forEach(element -> parts.put(PathElement.of(list, element), element));
    }
    if (value.isObject() && !Ownership.isWhole(value, type)) {
      value
          .properties()
          .forEach(entry -> parts.put(PathElement.field(entry.getKey()), entry.getValue()));
    }
    return parts;
  }
}
