package dev.berth.api.schema;

import dev.berth.api.schema.FieldType.ObjectType;
import tools.jackson.databind.node.ObjectNode;

/// Strategic merge patch with all its directives. Neither argument is changed.
public final class StrategicMerge {
  private StrategicMerge() {}

  public static ObjectNode apply(ObjectNode base, ObjectNode patch, ObjectType type) {
    return Unfinished.yet(base, patch, type);
  }
}
