package dev.berth.controller.customkind;

import dev.berth.api.Json;
import dev.berth.api.Times;
import dev.berth.api.schema.Column;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The columns that a definition wants printed, behind the name; the age where it wants none.
final class SchemaColumns {
  private SchemaColumns() {}

  static List<Column> of(JsonNode wanted) {
    List<Column> columns = new ArrayList<>();
    columns.add(
        new Column(
            "Name",
            "string",
            "name",
            "Name must be unique within a namespace.",
            0,
            (object, _) -> Json.name(object)));
    if (wanted.isEmpty()) {
      ColumnPath age = ColumnPath.parse(".metadata.creationTimestamp");
      columns.add(new Column("Age", "date", "", "", 0, (o, now) -> cell(age, "date", o, now)));
    }
    for (JsonNode each : wanted) {
      ColumnPath path = ColumnPath.parse(Json.text(each, "jsonPath"));
      String type = Json.text(each, "type");
      columns.add(
          new Column(
              Json.text(each, "name"),
              type,
              Json.text(each, "format"),
              Json.text(each, "description"),
              each.path("priority").asInt(0),
              (object, now) -> cell(path, type, object, now)));
    }
    return columns;
  }

  /// Kubernetes: a value that is not of the column's type is shown as nothing; a date as an age.
  private static Object cell(ColumnPath path, String type, JsonNode object, Instant now) {
    Optional<JsonNode> found = path.find(object).filter(value -> !value.isNull());
    if (found.isEmpty()) {
      return "";
    }
    JsonNode value = found.get();
    return switch (type) {
      case "integer" -> value.isNumber() ? (Object) value.asLong(0) : "";
      case "number" -> value.isNumber() ? (Object) value.asDouble(0) : "";
      case "boolean" -> value.isBoolean() ? (Object) value.asBoolean(false) : "";
      case "date" ->
          Times.parse(value.asString(""))
              .map(time -> Times.age(Duration.between(time, now)))
              .orElse("<unknown>");
      default -> value.isValueNode() ? value.asString("") : Json.string(value);
    };
  }
}
