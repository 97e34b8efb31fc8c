package dev.berth.api.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a value may be. Lists say how two writers' versions are merged.
public sealed interface FieldType {

  /// An object with named fields; an `open` one keeps fields that it does not name, an `atomic` one
  /// has one owner as a whole.
  record ObjectType(String name, Map<String, Field> fields, boolean open, boolean atomic)
      implements FieldType {
    public ObjectType {
      fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    public ObjectType(String name, Map<String, Field> fields, boolean open) {
      this(name, fields, open, false);
    }

    public Optional<Field> field(String fieldName) {
      return Optional.ofNullable(fields.get(fieldName));
    }
  }

  /// How server-side apply owns a list: as one value, by key, or element by element.
  enum ListKind {
    ATOMIC,
    MAP,
    SET
  }

  /// `patchMergeKey` is the strategic merge key of a list of objects; a list of texts with
  /// `patchMerge` is a merged set.
  record ListType(
      FieldType element,
      boolean patchMerge,
      Optional<String> patchMergeKey,
      ListKind kind,
      List<String> listMapKeys)
      implements FieldType {
    public ListType {
      listMapKeys = List.copyOf(listMapKeys);
    }

    public static ListType of(FieldType element) {
      return new ListType(element, false, Optional.empty(), ListKind.ATOMIC, List.of());
    }
  }

  /// Keys are texts; an `atomic` map has one owner as a whole.
  record MapType(FieldType value, boolean atomic) implements FieldType {
    public MapType(FieldType value) {
      this(value, false);
    }
  }

  enum Scalar implements FieldType {
    STRING,
    INTEGER,
    /// Typed clients can read no larger one.
    INT32,
    NUMBER,
    BOOLEAN,
    QUANTITY,
    INT_OR_STRING,
    TIME,
    DURATION,
    BYTES
  }

  /// Anything at all, for instance `managedFields[].fieldsV1`.
  record AnyType() implements FieldType {}

  AnyType ANY = new AnyType();
}
