package dev.berth.dashboard.rows;

import dev.berth.api.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One line of a list. The tree is shared by all who are shown it: nobody may change it.
///
/// @param text in lower case, everything that a search looks at
public record Row(ObjectNode json, Health health, String namespace, String name, String text) {
  /// The worst first, then by name.
  public static final Comparator<Row> WORST_FIRST =
      Comparator.comparing(Row::health).thenComparing(Row::namespace).thenComparing(Row::name);

  /// Begins a row with the fields that all have.
  public static ObjectNode begin(JsonNode object, Verdict verdict) {
    ObjectNode row = Json.object();
    Json.optional(object, "metadata", "namespace").ifPresent(ns -> row.put("namespace", ns));
    row.put("name", Json.name(object));
    verdict.write(row);
    return row.put("created", Json.optional(object, "metadata", "creationTimestamp").orElse(null));
  }

  /// Ends a row.
  ///
  /// @param more what a search should find it by, beside its names and words
  public static Row of(ObjectNode json, Verdict verdict, String... more) {
    String namespace = Json.text(json, "namespace");
    String name = Json.text(json, "name");
    String text =
        String.join(
            "\n", namespace, name, verdict.word(), verdict.reason(), String.join("\n", more));
    return new Row(json, verdict.health(), namespace, name, text.toLowerCase(Locale.ROOT));
  }

  /// Whether all words occur somewhere.
  boolean has(List<String> words) {
    return words.stream().allMatch(text::contains);
  }

  static void setOrNull(ObjectNode row, String name, Optional<ObjectNode> value) {
    row.set(name, value.orElse(null));
  }

  static void putOrNull(ObjectNode row, String name, Optional<String> value) {
    row.put(name, value.filter(text -> !text.isEmpty()).orElse(null));
  }
}
