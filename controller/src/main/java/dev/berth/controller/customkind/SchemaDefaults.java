package dev.berth.controller.customkind;

import dev.berth.api.schema.Field;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.AnyType;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What the server does to a custom object before it looks at it: fields that the schema does not
/// name go, a `null` that is not allowed goes where a default waits for the place, then defaults
/// come.
final class SchemaDefaults {
  private final JsonNode schema;
  private final ObjectType root;
  private final boolean any;

  SchemaDefaults(JsonNode schema, ObjectType root) {
    this.schema = schema;
    this.root = root;
    this.any = hasDefault(schema);
  }

  /// Whether there is a default anywhere.
  boolean hasAny() {
    return any;
  }

  private static boolean hasDefault(JsonNode schema) {
    return schema.has("default")
        || schema.path("properties").valueStream().anyMatch(SchemaDefaults::hasDefault)
        || (schema.path("items").isObject() && hasDefault(schema.path("items")))
        || (schema.path("additionalProperties").isObject()
            && hasDefault(schema.path("additionalProperties")));
  }

  void apply(ObjectNode object) {
    prune(object, root);
    if (any) {
      fill(object, schema);
    }
  }

  private static void prune(JsonNode node, FieldType type) {
    switch (type) {
      case ObjectType object -> pruneObject(node, object);
      case ListType list -> node.forEach(element -> prune(element, list.element()));
      case MapType map -> node.forEach(value -> prune(value, map.value()));
      case Scalar _, AnyType _ -> {}
    }
  }

  private static void pruneObject(JsonNode node, ObjectType type) {
    if (!(node instanceof ObjectNode object)) {
      return;
    }
    List<String> unknown = new ArrayList<>();
    for (var property : object.properties()) {
      Field field = type.fields().get(property.getKey());
      if (field != null) {
        prune(property.getValue(), field.type());
      } else if (!type.open()) {
        unknown.add(property.getKey());
      }
    }
    object.remove(unknown);
  }

  private static void fill(JsonNode node, JsonNode schema) {
    if (node instanceof ObjectNode object) {
      for (var property : schema.path("properties").properties()) {
        fillProperty(object, property.getKey(), property.getValue());
      }
      JsonNode more = schema.path("additionalProperties");
      if (more.isObject()) {
        object.properties().stream()
            .filter(each -> !schema.path("properties").has(each.getKey()))
            .forEach(each -> fill(each.getValue(), more));
      }
    } else if (node.isArray()) {
      node.forEach(element -> fill(element, schema.path("items")));
    }
  }

  private static void fillProperty(ObjectNode object, String name, JsonNode schema) {
    JsonNode standard = schema.path("default");
    JsonNode present = object.path(name);
    boolean empty = present.isNull() && !schema.path("nullable").asBoolean(false);
    if (!standard.isMissingNode() && (present.isMissingNode() || empty)) {
      object.set(name, standard.deepCopy());
    }
    fill(object.path(name), schema);
  }
}
