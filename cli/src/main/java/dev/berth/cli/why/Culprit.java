package dev.berth.cli.why;

import dev.berth.api.Json;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Situation;
import java.util.Locale;
import java.util.stream.Stream;

/// Which part of a ModelApp a cause was found in.
public enum Culprit {
  MODEL,
  APP,
  /// The ModelApp itself, or a node: nothing on the wire is to blame alone.
  NONE;

  public static Culprit of(Situation situation, Cause cause) {
    return Stream.concat(situation.pods().stream(), situation.builds().stream())
        .filter(
            object ->
                cause
                    .subject()
                    .equals(
                        Json.text(object, "kind").toLowerCase(Locale.ROOT)
                            + " "
                            + Json.name(object)))
        .map(object -> of(Json.labels(object).getOrDefault("berth.dev/component", "")))
        .findFirst()
        .orElse(NONE);
  }

  private static Culprit of(String component) {
    return switch (component) {
      case "model" -> MODEL;
      case "app" -> APP;
      default -> NONE;
    };
  }
}
