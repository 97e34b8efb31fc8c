package dev.berth.api.why;

import dev.berth.api.Json;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What to do about a build that failed.
final class BuildRemedies {
  private static final int LONGEST = 60;
  private static final Pattern NEAREST = Pattern.compile("nearest: ([^;\\n]+)");

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
    return "berth logs imagebuild/" + Json.name(build);
  }

  private static String fix(JsonNode build, String message) {
    String again = ", then run berth apply -f again";
    if (message.startsWith("the build context")) {
      return "run berth apply -f again: it sends the context";
    }
    if (message.contains("has no container script")) {
      return "add "
          + script(build)
          + " to the context, or correct spec.*.build.containerScript"
          + again;
    }
    if (message.contains(".dockerignore")) {
      return "remove the pattern that hides the file from .dockerignore" + again;
    }
    String hidden =
        message.contains("no such file in the build context")
            ? ", or .dockerignore if it hides it"
            : "";
    return "correct " + what(build) + nearest(message) + hidden + again;
  }

  /// `COPY bx /box in Dockerfile:2`.
  private static String what(JsonNode build) {
    String place = place(build);
    String instruction =
        Json.text(build, "status", "failure", "instruction").lines().findFirst().orElse("");
    String shown =
        instruction.length() > LONGEST ? instruction.substring(0, LONGEST) + "..." : instruction;
    if (place.isEmpty()) {
      return "the container script";
    }
    return shown.isEmpty() ? place : shown + " in " + place;
  }

  private static String nearest(String message) {
    Matcher found = NEAREST.matcher(message);
    return found.find() ? " (nearest: " + found.group(1).strip() + ")" : "";
  }
}
