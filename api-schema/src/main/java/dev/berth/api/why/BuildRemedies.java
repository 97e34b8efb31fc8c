package dev.berth.api.why;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What to do about a build that failed.
final class BuildRemedies {
  private BuildRemedies() {}

  static String script(JsonNode build) {
    return Json.optional(build, "status", "failure", "script")
        .or(() -> Json.optional(build, "spec", "containerScript"))
        .orElse("Dockerfile");
  }

  /// `Dockerfile:7:12`; empty where the failure has no line.
  static String place(JsonNode build) {
    JsonNode failure = Json.at(build, "status", "failure");
    int line = failure.path("line").asInt(0);
    int column = failure.path("column").asInt(0);
    return line <= 0 ? "" : script(build) + ":" + line + (column > 0 ? ":" + column : "");
  }

  static Remedy of(JsonNode build) {
    String message = Json.text(build, "status", "failure", "message");
    return new Remedy(fix(build, message), Optional.of(log(build)));
  }

  private static String log(JsonNode build) {
    String namespace = Json.namespace(build);
    return "berth logs imagebuild/"
        + Json.name(build)
        + (namespace.isEmpty() || namespace.equals("default") ? "" : " -n " + namespace);
  }

  private static String fix(JsonNode build, String message) {
    String place = place(build);
    String where = place.isEmpty() ? "the container script" : place;
    String again = ", then run berth apply -f again";
    if (message.contains(".dockerignore")) {
      return "remove the pattern that hides the file from .dockerignore" + again;
    }
    if (message.contains("build context")) {
      return "run berth apply -f again: it sends the context";
    }
    return "correct " + where + again;
  }
}
