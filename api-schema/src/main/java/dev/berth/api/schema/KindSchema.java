package dev.berth.api.schema;

import dev.berth.api.ResourceType;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Everything that is known about one kind.
public final class KindSchema {
  private final ResourceType type;
  private final ObjectType root;

  KindSchema(ResourceType type, ObjectType root) {
    this.type = type;
    this.root = root;
  }

  public ResourceType type() {
    return type;
  }

  public ObjectType root() {
    return root;
  }

  /// Fills in what Kubernetes fills in when an object is written. Our own kinds are left as the
  /// user wrote them.
  public void applyDefaults(ObjectNode object) {
    Unfinished.yet(object);
  }

  /// What is wrong with the values of an object, all of it; types, required fields, syntax and
  /// cross-field rules.
  public List<FieldError> validate(ObjectNode object) {
    return Unfinished.yet(object);
  }

  /// What an update must not change, and everything `validate` says about the new object.
  public List<FieldError> validateUpdate(ObjectNode old, ObjectNode changed) {
    return Unfinished.yet(old, changed);
  }

  /// Fields that the kind does not have, anywhere in the tree.
  public List<FieldError> unknownFields(JsonNode object) {
    return Unfinished.yet(object);
  }

  public List<Column> columns() {
    return Unfinished.yet("");
  }
}
