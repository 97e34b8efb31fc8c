package dev.berth.api.schema;

import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// Cells that several kinds share, and short ways to write a column.
final class Cells {
  static final String NONE = "<none>";

  private Cells() {}

  static Column text(String name, String description, Function<JsonNode, Object> cell) {
    return new Column(name, "string", "", description, 0, (object, _) -> cell.apply(object));
  }

  static Column wide(String name, String description, Function<JsonNode, Object> cell) {
    return new Column(name, "string", "", description, 1, (object, _) -> cell.apply(object));
  }

  static Column number(String name, String description, Function<JsonNode, Object> cell) {
    return new Column(name, "integer", "", description, 0, (object, _) -> cell.apply(object));
  }

  static Column timed(String name, String description, BiFunction<JsonNode, Instant, Object> cell) {
    return new Column(name, "string", "", description, 0, cell);
  }

  static Column name() {
    return new Column(
        "Name",
        "string",
        "name",
        "Name must be unique within a namespace.",
        0,
        (object, _) -> Json.name(object));
  }

  static Column age() {
    return timed(
        "Age",
        "Time since the object was created.",
        (object, now) -> since(object, now, "metadata", "creationTimestamp"));
  }

  static Column createdAt() {
    return new Column(
        "Created At",
        "date",
        "",
        "When it was created.",
        0,
        (object, _) -> Json.text(object, "metadata", "creationTimestamp"));
  }

  /// How long ago the time below these names was; `<unknown>` where there is none.
  static String since(JsonNode object, Instant now, String... names) {
    return Times.at(object, names)
        .map(time -> Times.age(Duration.between(time, now)))
        .orElse("<unknown>");
  }

  static String orNone(String text) {
    return text.isEmpty() ? NONE : text;
  }

  static long number(JsonNode object, String... names) {
    return Json.at(object, names).asLong(0);
  }

  /// A row must not fail: what is no selector is shown as such.
  static String selector(JsonNode object, String... names) {
    JsonNode selector = Json.at(object, names);
    try {
      return selector.isObject() ? orNone(LabelSelector.of(selector).toString()) : NONE;
    } catch (IllegalArgumentException e) {
      return "<invalid>";
    }
  }

  static List<Column> templateColumns() {
    return List.of(
        wide("Containers", "Names of the containers.", workload -> containers(workload, "name")),
        wide("Images", "Images of the containers.", workload -> containers(workload, "image")),
        wide(
            "Selector", "Labels of the pods.", workload -> selector(workload, "spec", "selector")));
  }

  private static String containers(JsonNode workload, String field) {
    return Json.at(workload, "spec", "template", "spec", "containers")
        .valueStream()
        .map(container -> Json.text(container, field))
        .collect(Collectors.joining(","));
  }
}
