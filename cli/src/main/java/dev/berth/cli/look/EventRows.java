package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Events as rows, in the columns of `kubectl events`. Writers of `events.k8s.io` leave the older
/// fields empty, so each is looked for under both of its names. Pure.
final class EventRows {
  /// By the time when they were seen last.
  static final Comparator<JsonNode> OLDEST_FIRST =
      Comparator.comparing((JsonNode event) -> lastSeen(event).orElse(Instant.EPOCH))
          .thenComparing(Json::name);

  private EventRows() {}

  static List<String> headings(boolean namespaces) {
    List<String> all = new ArrayList<>(namespaces ? List.of("namespace") : List.of());
    all.addAll(List.of("last seen", "type", "reason", "object", "message"));
    return all;
  }

  static List<String> row(JsonNode event, Instant now, boolean namespaces) {
    List<String> cells = new ArrayList<>(namespaces ? List.of(Json.namespace(event)) : List.of());
    cells.add(seen(event, now));
    cells.add(Json.text(event, "type"));
    cells.add(Json.text(event, "reason"));
    cells.add(object(event));
    cells.add(Json.text(event, "message").strip());
    return cells;
  }

  static String object(JsonNode event) {
    return Json.text(event, "involvedObject", "kind").toLowerCase(Locale.ROOT)
        + "/"
        + Json.text(event, "involvedObject", "name");
  }

  private static String seen(JsonNode event, Instant now) {
    String last = lastSeen(event).map(time -> ago(time, now)).orElse("<unknown>");
    int count = Math.max(event.path("count").asInt(0), event.at("/series/count").asInt(0));
    Optional<Instant> first =
        first(event, "firstTimestamp", "eventTime").or(() -> Times.at(event, "metadata", CREATED));
    return count > 1 && first.isPresent()
        ? last + " (x" + count + " over " + ago(first.get(), now) + ")"
        : last;
  }

  private static final String CREATED = "creationTimestamp";

  private static String ago(Instant time, Instant now) {
    return Times.age(Duration.between(time, now));
  }

  private static Optional<Instant> lastSeen(JsonNode event) {
    return Times.at(event, "series", "lastObservedTime")
        .or(() -> first(event, "lastTimestamp", "eventTime"))
        .or(() -> Times.at(event, "metadata", CREATED));
  }

  private static Optional<Instant> first(JsonNode event, String... names) {
    return Stream.of(names).flatMap(name -> Times.at(event, name).stream()).findFirst();
  }
}
