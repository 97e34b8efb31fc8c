package dev.berth.api.apply;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A set of paths in an object, as a tree. `member` says whether the path that leads here is in the
/// set; the children are keyed by path elements in the form of `FieldsV1` (see [PathElement]):
/// `f:name`, `k:{"name":"web"}`, `v:"text"`, `i:0`. No child is empty. Immutable.
public record FieldSet(boolean member, SortedMap<String, FieldSet> children) {
  public static final FieldSet EMPTY = new FieldSet(false, Collections.emptySortedMap());
  private static final FieldSet LEAF = new FieldSet(true, Collections.emptySortedMap());

  /// More than any object has; deeper trees are refused when they are read.
  private static final int MAX_DEPTH = 2 * Json.MAX_DEPTH;

  public FieldSet {
    children = Collections.unmodifiableSortedMap(children);
  }

  public boolean isEmpty() {
    return !member && children.isEmpty();
  }

  FieldSet child(String element) {
    return children.getOrDefault(element, EMPTY);
  }

  /// The set of one path.
  static FieldSet path(String... elements) {
    FieldSet set = LEAF;
    for (int i = elements.length - 1; i >= 0; i--) {
      set = new FieldSet(false, new TreeMap<>(Map.of(elements[i], set)));
    }
    return set;
  }

  boolean contains(String... elements) {
    FieldSet here = this;
    for (String element : elements) {
      here = here.child(element);
    }
    return here.member;
  }

  public FieldSet union(FieldSet other) {
    return combine(other, (mine, theirs) -> mine || theirs);
  }

  public FieldSet intersection(FieldSet other) {
    return combine(other, (mine, theirs) -> mine && theirs);
  }

  /// The paths of this set that are not in the other.
  public FieldSet difference(FieldSet other) {
    return combine(other, (mine, theirs) -> mine && !theirs);
  }

  private FieldSet combine(FieldSet other, BinaryOperator<Boolean> keep) {
    Draft draft = new Draft();
    draft.member = keep.apply(member, other.member);
    children.forEach((name, mine) -> draft.put(name, mine.combine(other.child(name), keep)));
    other.children.forEach(
        (name, theirs) -> {
          if (!children.containsKey(name)) {
            draft.put(name, EMPTY.combine(theirs, keep));
          }
        });
    return draft.done();
  }

  /// This set without the paths of the other and everything below them.
  FieldSet without(FieldSet other) {
    if (other.member) {
      return EMPTY;
    }
    Draft draft = new Draft();
    draft.member = member;
    children.forEach((name, mine) -> draft.put(name, mine.without(other.child(name))));
    return draft.done();
  }

  /// Only what is at or below this path.
  FieldSet only(String element) {
    Draft draft = new Draft();
    draft.put(element, child(element));
    return draft.done();
  }

  /// Every path in the set, in words: `.spec.containers[name="web"].image`.
  List<String> paths() {
    List<String> paths = new ArrayList<>();
    collect("", paths);
    return paths;
  }

  private void collect(String prefix, List<String> paths) {
    if (member) {
      paths.add(prefix);
    }
    children.forEach((name, set) -> set.collect(prefix + PathElement.inWords(name), paths));
  }

  /// `{"f:spec":{"f:replicas":{}}}`: a path is in the set where its object is empty or has the key
  /// `.`.
  public ObjectNode toJson() {
    ObjectNode json = Json.object();
    if (member && !children.isEmpty()) {
      json.putObject(".");
    }
    children.forEach((name, set) -> json.set(name, set.toJson()));
    return json;
  }

  /// Empty where the tree is no `FieldsV1`.
  public static Optional<FieldSet> fromJson(JsonNode json) {
    return json.isObject()
        ? read(json, 0).map(set -> set.isRootLeaf() ? EMPTY : set)
        : Optional.empty();
  }

  private boolean isRootLeaf() {
    return member && children.isEmpty();
  }

  private static Optional<FieldSet> read(JsonNode json, int depth) {
    if (!json.isObject() || depth > MAX_DEPTH) {
      return Optional.empty();
    }
    Draft draft = new Draft();
    draft.member = json.isEmpty() || json.has(".");
    for (Map.Entry<String, JsonNode> entry : json.properties()) {
      if (entry.getKey().equals(".")) {
        continue;
      }
      Optional<String> element = PathElement.canonical(entry.getKey());
      Optional<FieldSet> child = read(entry.getValue(), depth + 1);
      if (element.isEmpty() || child.isEmpty()) {
        return Optional.empty();
      }
      draft.put(element.get(), child.get());
    }
    return Optional.of(draft.done());
  }

  /// A set while it is put together.
  static final class Draft {
    boolean member;
    private final SortedMap<String, FieldSet> children = new TreeMap<>();

    void put(String element, FieldSet set) {
      if (!set.isEmpty()) {
        children.put(element, set);
      }
    }

    FieldSet done() {
      return member || !children.isEmpty() ? new FieldSet(member, children) : EMPTY;
    }
  }
}
