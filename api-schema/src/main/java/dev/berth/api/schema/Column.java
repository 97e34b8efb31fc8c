package dev.berth.api.schema;

import java.time.Instant;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/// A column of a table. `type` and `format` are OpenAPI's; priority 0 is always shown, 1 with `-o
/// wide`. The cell is a text, a number or a boolean; the time is passed in because ages depend on
/// it.
public record Column(
    String name,
    String type,
    String format,
    String description,
    int priority,
    BiFunction<JsonNode, Instant, Object> cell) {

  public Object cell(JsonNode object, Instant now) {
    return cell.apply(object, now);
  }
}
