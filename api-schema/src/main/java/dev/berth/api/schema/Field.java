package dev.berth.api.schema;

import dev.berth.api.schema.FieldType.Scalar;

/// A field of an object: its type, what it says about itself, and how a strategic merge patch
/// treats it.
public record Field(
    FieldType type, boolean required, Merge merge, Constraints constraints, String description) {

  /// How a strategic merge patch treats an object or map in this field.
  public enum Merge {
    /// Field by field.
    DEEP,
    /// Field by field, after dropping those that `$retainKeys` does not name.
    RETAIN_KEYS,
    /// As one value.
    REPLACE
  }

  public static Field of(FieldType type) {
    return new Field(type, false, Merge.DEEP, Constraints.NONE, "");
  }

  boolean isScalar(Scalar scalar) {
    return type == scalar;
  }
}
