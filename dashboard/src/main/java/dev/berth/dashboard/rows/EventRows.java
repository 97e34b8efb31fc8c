package dev.berth.dashboard.rows;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Times;
import dev.berth.dashboard.scene.Scene;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class EventRows {
  private final Scene scene;

  EventRows(Scene scene) {
    this.scene = scene;
  }

  /// The newest first.
  List<Row> all() {
    return scene.list(Kinds.EVENT).stream()
        .sorted(
            Comparator.<JsonNode, Instant>comparing(e -> last(e).orElse(Instant.EPOCH)).reversed())
        .map(EventRows::row)
        .toList();
  }

  private static Row row(JsonNode event) {
    String type = Json.text(event, "type");
    String reason = Json.text(event, "reason");
    Verdict verdict =
        Verdict.of(
                type.equals("Warning") ? Health.WARNING : Health.OK,
                reason,
                reason,
                Json.text(event, "message"))
            .since(last(event));
    JsonNode about = event.path("involvedObject");
    ObjectNode row = Row.begin(event, verdict).put("type", type);
    row.putObject("object")
        .put("kind", Json.text(about, "kind"))
        .put("namespace", Json.text(about, "namespace"))
        .put("name", Json.text(about, "name"));
    row.put("count", Math.max(1, count(event)));
    Row.putOrNull(
        row,
        "source",
        Json.optional(event, "source", "component")
            .or(() -> Json.optional(event, "reportingComponent")));
    return Row.of(
        row, verdict, Json.text(about, "kind"), Json.text(about, "name"), verdict.message());
  }

  private static long count(JsonNode event) {
    return Math.max(event.path("count").asLong(0), Json.at(event, "series", "count").asLong(0));
  }

  private static Optional<Instant> last(JsonNode event) {
    return Times.at(event, "series", "lastObservedTime")
        .or(() -> Times.at(event, "lastTimestamp"))
        .or(() -> Times.at(event, "eventTime"))
        .or(() -> Times.at(event, "metadata", "creationTimestamp"));
  }
}
