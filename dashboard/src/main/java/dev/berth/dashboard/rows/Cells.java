package dev.berth.dashboard.rows;

import dev.berth.api.ResourceType;
import dev.berth.api.schema.KindSchema;
import dev.berth.api.schema.Schemas;
import java.time.Instant;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The cells of kubectl's tables, so that a page shows the same word as a terminal.
final class Cells {
  private Cells() {}

  /// What the column of that name says; empty for a kind that has none. Not for ages: they are read
  /// as of 1970.
  static Function<JsonNode, String> column(ResourceType type, String name) {
    return Schemas.of(type.gvk()).map(KindSchema::columns).stream()
        .flatMap(columns -> columns.stream())
        .filter(column -> column.name().equals(name))
        .findFirst()
        .<Function<JsonNode, String>>map(
            column -> object -> String.valueOf(column.cell(object, Instant.EPOCH)))
        .orElse(_ -> "");
  }
}
