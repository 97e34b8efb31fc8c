package dev.berth.api;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Times as the API writes them: RFC 3339 in UTC, to the second (`Time`) or the microsecond
/// (`MicroTime`).
public final class Times {
  private Times() {}

  public static String format(Instant time) {
    return DateTimeFormatter.ISO_INSTANT.format(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /// Six digits always, because clients parse `MicroTime` with a fixed layout.
  public static String formatMicro(Instant time) {
    return "%s.%06dZ"
        .formatted(format(time).substring(0, 19), time.get(ChronoField.MICRO_OF_SECOND));
  }

  public static Optional<Instant> parse(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /// The time below these names, or nothing.
  public static Optional<Instant> at(JsonNode node, String... names) {
    return parse(Json.text(node, names));
  }

  /// An age as kubectl prints it: `45s`, `4m5s`, `3h12m`, `5d`, `2y34d`.
  public static String age(Duration age) {
    long seconds = age.toSeconds();
    if (seconds < -1) {
      return "<invalid>";
    }
    if (seconds < 0) {
      return "0s";
    }
    if (seconds < 120) {
      return seconds + "s";
    }
    long minutes = seconds / 60;
    if (minutes < 10) {
      return withRest(minutes, "m", seconds % 60, "s");
    }
    if (minutes < 180) {
      return minutes + "m";
    }
    long hours = minutes / 60;
    if (hours < 8) {
      return withRest(hours, "h", minutes % 60, "m");
    }
    if (hours < 48) {
      return hours + "h";
    }
    long days = hours / 24;
    if (days < 8) {
      return withRest(days, "d", hours % 24, "h");
    }
    if (days < 730) {
      return days + "d";
    }
    long years = days / 365;
    return years < 8 ? withRest(years, "y", days % 365, "d") : years + "y";
  }

  private static String withRest(long large, String unit, long small, String smallUnit) {
    return small == 0 ? large + unit : large + unit + small + smallUnit;
  }
}
