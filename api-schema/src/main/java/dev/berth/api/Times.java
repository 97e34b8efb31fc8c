package dev.berth.api;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoField;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Times as the API writes them: RFC 3339 in UTC, to the second (`Time`) or the microsecond
/// (`MicroTime`).
public final class Times {
  private static final String SECONDS = "0000-00-00T00:00:00Z";
  private static final String MICROS = "0000-00-00T00:00:00.000000Z";

  private Times() {}

  public static String format(Instant time) {
    return seconds(time).append('Z').toString();
  }

  /// Put together by hand: each answered request has two of them in the audit log.
  private static StringBuilder seconds(Instant time) {
    OffsetDateTime utc = time.atOffset(ZoneOffset.UTC);
    StringBuilder text = new StringBuilder(MICROS.length());
    padded(text, utc.getYear(), 4).append('-');
    padded(text, utc.getMonthValue(), 2).append('-');
    padded(text, utc.getDayOfMonth(), 2).append('T');
    padded(text, utc.getHour(), 2).append(':');
    padded(text, utc.getMinute(), 2).append(':');
    return padded(text, utc.getSecond(), 2);
  }

  private static StringBuilder padded(StringBuilder text, int number, int digits) {
    String plain = Integer.toString(number);
    return text.repeat('0', Math.max(0, digits - plain.length())).append(plain);
  }

  /// Six digits always, because clients parse `MicroTime` with a fixed layout.
  public static String formatMicro(Instant time) {
    StringBuilder text = seconds(time).append('.');
    return padded(text, time.get(ChronoField.MICRO_OF_SECOND), 6).append('Z').toString();
  }

  /// Takes RFC 3339 with any offset; the forms that are written here are read without a formatter,
  /// for every object has some and they are checked at every write.
  public static Optional<Instant> parse(String text) {
    if (text.isEmpty()) { // a field that is not there: no reason for an exception
      return Optional.empty();
    }
    if (text.length() == SECONDS.length() && hasForm(text, SECONDS)) {
      return instant(text, 0);
    }
    if (text.length() == MICROS.length() && hasForm(text, MICROS)) {
      return instant(text, number(text, 20, 26) * 1_000);
    }
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /// Whether there is a digit wherever the form has one, and all else is the same.
  private static boolean hasForm(String text, String form) {
    for (int i = 0; i < form.length(); i++) {
      char c = text.charAt(i);
      boolean digit = c >= '0' && c <= '9';
      if (form.charAt(i) == '0' ? !digit : c != form.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + (text.charAt(i) - '0');
    }
    return number;
  }

  private static Optional<Instant> instant(String text, int nanos) {
    try {
      return Optional.of(
          OffsetDateTime.of(
                  number(text, 0, 4),
                  number(text, 5, 7),
                  number(text, 8, 10),
                  number(text, 11, 13),
                  number(text, 14, 16),
                  number(text, 17, 19),
                  nanos,
                  ZoneOffset.UTC)
              .toInstant());
    } catch (DateTimeException e) {
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
