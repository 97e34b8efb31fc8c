package dev.berth.controller.apiserver;

import dev.berth.api.Json;
import dev.berth.api.schema.Column;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Objects as the rows of a table, the way `kubectl get` prints them.
final class Tables {
  private Tables() {}

  /// How much of each object a row carries.
  enum Include {
    NONE,
    METADATA,
    OBJECT;

    static Include parse(String text) {
      return switch (text) {
        case "None" -> NONE;
        case "Object" -> OBJECT;
        default -> METADATA;
      };
    }
  }

  static ObjectNode table(
      List<Column> columns,
      List<ObjectNode> objects,
      ObjectNode listMeta,
      Include include,
      Instant now) {
    ObjectNode table = Json.object();
    table.put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
    table.set("metadata", listMeta);
    ArrayNode definitions = table.putArray("columnDefinitions");
    columns.forEach(column -> define(definitions.addObject(), column));
    ArrayNode rows = table.putArray("rows");
    objects.forEach(object -> row(rows.addObject(), columns, object, include, now));
    return table;
  }

  private static void define(ObjectNode definition, Column column) {
    definition
        .put("name", column.name())
        .put("type", column.type())
        .put("format", column.format())
        .put("description", column.description())
        .put("priority", column.priority());
  }

  private static void row(
      ObjectNode row, List<Column> columns, ObjectNode object, Include include, Instant now) {
    ArrayNode cells = row.putArray("cells");
    columns.forEach(column -> cells.addPOJO(column.cell(object, now)));
    switch (include) {
      case NONE -> {}
      case METADATA -> row.set("object", metadata(object));
      case OBJECT -> row.set("object", object);
    }
  }

  static ObjectNode metadata(JsonNode object) {
    ObjectNode partial = Json.object();
    partial.put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
    partial.set("metadata", object.path("metadata"));
    return partial;
  }
}
