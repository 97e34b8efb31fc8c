package dev.berth.api.apply;

import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.AnyType;
import dev.berth.api.schema.FieldType.ListKind;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// How a value is owned: as one, or by its parts; and which paths an object has.
final class Ownership {
  private Ownership() {}

  /// Values that have one owner as a whole. Where the schema says nothing (`AnyType`), maps are
  /// owned by their keys and lists as one. A value of another type than the schema's is one value.
  static boolean isWhole(JsonNode value, FieldType type) {
    return switch (type) {
      case ObjectType object -> object.atomic() || !value.isObject();
      case MapType map -> map.atomic() || !value.isObject();
      case ListType list -> list.kind() == ListKind.ATOMIC || !value.isArray();
      case Scalar _ -> true;
      case AnyType _ -> !value.isObject();
    };
  }

  /// Fields of an object type belong to the schema; keys of a map belong to who wrote them.
  static boolean isNamed(FieldType type, String field) {
    return type instanceof ObjectType object && object.fields().containsKey(field);
  }

  /// Every path that a writer of this tree owns.
  static FieldSet of(JsonNode value, FieldType type) {
    FieldSet.Draft draft = new FieldSet.Draft();
    if (value.isNull()) {
      return FieldSet.EMPTY;
    }
    if (isWhole(value, type)) {
      draft.member = true;
    } else if (value.isArray()) {
      for (JsonNode element : value) {
        FieldSet inner = of(element, ((ListType) type).element());
        draft.put(PathElement.of((ListType) type, element), new FieldSet(true, inner.children()));
      }
    } else {
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        String element = PathElement.field(entry.getKey());
        FieldSet inner = of(entry.getValue(), PathElement.below(type, element));
        boolean blank =
            entry.getValue().isNull()
                || (entry.getValue().isObject() && entry.getValue().isEmpty());
        boolean member = inner.member() || blank || !isNamed(type, entry.getKey());
        draft.put(element, new FieldSet(member, inner.children()));
      }
    }
    return draft.done();
  }

  /// The set together with the fields of the schema that lead to its paths: to drop `a.b.c`, where
  /// nobody else has anything below `a`, is to drop `a`.
  static FieldSet withNamedParents(FieldSet set, FieldType type) {
    FieldSet.Draft draft = new FieldSet.Draft();
    draft.member = set.member();
    set.children()
        .forEach(
            (element, child) -> {
              FieldSet inner = withNamedParents(child, PathElement.below(type, element));
              boolean named = element.startsWith("f:") && isNamed(type, element.substring(2));
              draft.put(element, new FieldSet(inner.member() || named, inner.children()));
            });
    return draft.done();
  }

  /// Elements of a list that another element has the same keys or value as; empty for lists that
  /// are one value.
  static Set<String> duplicates(JsonNode list, ListType type) {
    Set<String> seen = new HashSet<>();
    Set<String> twice = new HashSet<>();
    for (JsonNode element : list) {
      String key = PathElement.of(type, element);
      if (!seen.add(key)) {
        twice.add(key);
      }
    }
    return twice;
  }
}
