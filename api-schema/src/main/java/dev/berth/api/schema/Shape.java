package dev.berth.api.schema;

import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.UnaryOperator;

/// A short way to write an object type down: `Shape.of("Ingress").add("host", STRING, f ->
/// f.required().says("...")).done()`.
final class Shape {
  private final String name;
  private final Map<String, Field> fields = new LinkedHashMap<>();
  private boolean open;

  private Shape(String name) {
    this.name = name;
  }

  static Shape of(String name) {
    return new Shape(name);
  }

  Shape add(String field, FieldType type, String description) {
    return add(field, type, rules -> rules.says(description));
  }

  Shape add(String field, FieldType type, UnaryOperator<Draft> rules) {
    fields.put(field, rules.apply(new Draft()).done(type));
    return this;
  }

  /// Keeps fields that it does not name.
  Shape open() {
    open = true;
    return this;
  }

  ObjectType done() {
    return new ObjectType(name, fields, open);
  }

  static ListType listOf(FieldType element) {
    return ListType.of(element);
  }

  static ListType listByKey(FieldType element, String key) {
    return new ListType(element, true, Optional.of(key), FieldType.ListKind.MAP, List.of(key));
  }

  static FieldType.MapType mapOf(Scalar value) {
    return new FieldType.MapType(value);
  }

  /// The named fields of a type and nothing else; `replaced` gives some of them another type.
  static ObjectType part(
      ObjectType whole, String name, Set<String> names, Map<String, FieldType> replaced) {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (Map.Entry<String, Field> entry : whole.fields().entrySet()) {
      if (names.contains(entry.getKey())) {
        Field field = entry.getValue();
        FieldType type = replaced.getOrDefault(entry.getKey(), field.type());
        fields.put(
            entry.getKey(),
            new Field(
                type, field.required(), field.merge(), field.constraints(), field.description()));
      }
    }
    if (fields.size() != names.size()) {
      throw new IllegalStateException(whole.name() + " lacks one of " + names);
    }
    return new ObjectType(name, fields, false);
  }

  /// The same list with other elements, merged in the same way.
  static ListType withElement(FieldType list, FieldType element) {
    ListType old = (ListType) list;
    return new ListType(
        element, old.patchMerge(), old.patchMergeKey(), old.kind(), old.listMapKeys());
  }

  /// What is said about one field while it is written down.
  static final class Draft {
    private boolean required;
    private List<String> values = List.of();
    private Optional<String> pattern = Optional.empty();
    private OptionalLong minimum = OptionalLong.empty();
    private OptionalLong maximum = OptionalLong.empty();
    private Optional<String> defaultText = Optional.empty();
    private Optional<String> example = Optional.empty();
    private Optional<String> becomes = Optional.empty();
    private String description = "";

    Draft required() {
      required = true;
      return this;
    }

    Draft says(String text) {
      description = text;
      return this;
    }

    Draft oneOf(String... allowed) {
      values = List.of(allowed);
      return this;
    }

    Draft matching(String regex) {
      pattern = Optional.of(regex);
      return this;
    }

    Draft between(long least, long most) {
      minimum = OptionalLong.of(least);
      maximum = OptionalLong.of(most);
      return this;
    }

    Draft byDefault(String text) {
      defaultText = Optional.of(text);
      return this;
    }

    Draft like(String text) {
      example = Optional.of(text);
      return this;
    }

    Draft becomes(String text) {
      becomes = Optional.of(text);
      return this;
    }

    private Field done(FieldType type) {
      return new Field(
          type,
          required,
          Field.Merge.DEEP,
          new Constraints(values, pattern, minimum, maximum, defaultText, example, becomes),
          description);
    }
  }
}
