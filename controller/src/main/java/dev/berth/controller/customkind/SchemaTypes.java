package dev.berth.controller.customkind;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.Constraints;
import dev.berth.api.schema.Field;
import dev.berth.api.schema.FieldType;
import dev.berth.api.schema.FieldType.ListKind;
import dev.berth.api.schema.FieldType.ListType;
import dev.berth.api.schema.FieldType.MapType;
import dev.berth.api.schema.FieldType.ObjectType;
import dev.berth.api.schema.FieldType.Scalar;
import dev.berth.api.schema.Schemas;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Structural schemas as types: what merging, pruning and OpenAPI need to know of them.
final class SchemaTypes {
  static final String PRESERVE = "x-kubernetes-preserve-unknown-fields";
  static final String EMBEDDED = "x-kubernetes-embedded-resource";
  private static final String INT_OR_STRING = "x-kubernetes-int-or-string";

  /// Deeper ones are not looked into: everything below is allowed.
  private static final int DEEPEST = 64;

  private SchemaTypes() {}

  static ObjectType root(ResourceType type, JsonNode schema) {
    String name = type.gvk().group() + "." + type.gvk().version() + "." + type.kind();
    Map<String, Field> fields = fields(schema, name, 0);
    metadataFields(fields);
    return new ObjectType(name, fields, isOpen(schema), false);
  }

  private static boolean isOpen(JsonNode schema) {
    return schema.path(PRESERVE).asBoolean(false);
  }

  /// Every object has them, whether its schema says so or not, and they mean the same everywhere.
  private static void metadataFields(Map<String, Field> fields) {
    ObjectType any = Schemas.of(Kinds.CONFIG_MAP).root();
    for (String name : List.of("metadata", "kind", "apiVersion")) {
      any.field(name).ifPresent(field -> fields.put(name, field));
    }
  }

  private static Map<String, Field> fields(JsonNode schema, String name, int depth) {
    Set<String> required = new HashSet<>();
    schema.path("required").forEach(each -> required.add(each.asString("")));
    Map<String, Field> fields = new LinkedHashMap<>();
    for (var property : schema.path("properties").properties()) {
      JsonNode value = property.getValue();
      boolean must =
          required.contains(property.getKey()) && !value.path("nullable").asBoolean(false);
      fields.put(
          property.getKey(),
          new Field(
              type(value, name + "." + property.getKey(), depth + 1),
              must,
              Field.Merge.DEEP,
              Constraints.NONE,
              Json.text(value, "description")));
    }
    return fields;
  }

  private static FieldType type(JsonNode schema, String name, int depth) {
    if (depth > DEEPEST) {
      return FieldType.ANY;
    }
    if (schema.path(INT_OR_STRING).asBoolean(false)) {
      return Scalar.INT_OR_STRING;
    }
    return switch (Json.text(schema, "type")) {
      case "string" -> Scalar.STRING;
      case "integer" -> Scalar.INTEGER;
      case "number" -> Scalar.NUMBER;
      case "boolean" -> Scalar.BOOLEAN;
      case "array" -> list(schema, name, depth);
      case "object" -> object(schema, name, depth);
      default -> FieldType.ANY;
    };
  }

  private static FieldType object(JsonNode schema, String name, int depth) {
    boolean atomic = Json.text(schema, "x-kubernetes-map-type").equals("atomic");
    JsonNode more = schema.path("additionalProperties");
    boolean named = !schema.path("properties").isEmpty() || schema.path(EMBEDDED).asBoolean(false);
    if (!named && more.isObject()) {
      return new MapType(type(more, name + ".*", depth + 1), atomic);
    }
    if (!named && (more.asBoolean(false) || isOpen(schema))) {
      return atomic ? FieldType.ANY : new MapType(FieldType.ANY, false);
    }
    Map<String, Field> fields = fields(schema, name, depth);
    if (schema.path(EMBEDDED).asBoolean(false)) {
      metadataFields(fields);
    }
    return new ObjectType(name, fields, isOpen(schema), atomic);
  }

  private static FieldType list(JsonNode schema, String name, int depth) {
    List<String> keys = new ArrayList<>();
    schema.path("x-kubernetes-list-map-keys").forEach(key -> keys.add(key.asString("")));
    ListKind kind =
        switch (Json.text(schema, "x-kubernetes-list-type")) {
          case "map" -> keys.isEmpty() ? ListKind.ATOMIC : ListKind.MAP;
          case "set" -> ListKind.SET;
          default -> ListKind.ATOMIC;
        };
    return new ListType(
        type(schema.path("items"), name + "[]", depth + 1), false, Optional.empty(), kind, keys);
  }
}
