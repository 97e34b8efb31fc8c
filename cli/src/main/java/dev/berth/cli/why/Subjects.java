package dev.berth.cli.why;

import dev.berth.api.Json;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// What an object is called in a sentence: a ModelApp by its name alone, the others with their
/// kind.
final class Subjects {
  private Subjects() {}

  static String called(JsonNode object) {
    String kind = Json.text(object, "kind");
    String where =
        Json.namespace(object).isEmpty() || Json.namespace(object).equals("default")
            ? ""
            : " (namespace " + Json.namespace(object) + ")";
    return (kind.equals("ModelApp") ? "" : kind.toLowerCase(Locale.ROOT) + " ")
        + Json.name(object)
        + where;
  }

  /// As the command line takes it: `modelapp/digits`.
  static String word(JsonNode object) {
    return Json.text(object, "kind").toLowerCase(Locale.ROOT) + "/" + Json.name(object);
  }
}
