package dev.berth.agent.logs;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What of a log somebody wants, as the parameters of `pods/log` say it.
public record LogQuery(
    boolean follow,
    boolean timestamps,
    OptionalLong tailLines,
    OptionalLong limitBytes,
    Optional<Instant> since) {
  public static final LogQuery ALL =
      new LogQuery(false, false, OptionalLong.empty(), OptionalLong.empty(), Optional.empty());

  /// Throws an `IllegalArgumentException` that names the wrong parameter.
  public static LogQuery parse(Map<String, String> query, InstantSource clock) {
    Optional<Instant> since =
        number(query, "sinceSeconds").stream()
            .boxed()
            .findFirst()
            .map(s -> clock.instant().minus(Duration.ofSeconds(s)));
    return new LogQuery(
        flag(query, "follow"),
        flag(query, "timestamps"),
        number(query, "tailLines"),
        number(query, "limitBytes"),
        since.or(() -> time(query)));
  }

  private static boolean flag(Map<String, String> query, String name) {
    String value = query.getOrDefault(name, "false");
    return value.equals("true") || value.equals("1");
  }

  private static OptionalLong number(Map<String, String> query, String name) {
    String value = query.getOrDefault(name, "");
    try {
      return value.isEmpty() ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(name + ": not a number: " + value, e);
    }
  }

  private static Optional<Instant> time(Map<String, String> query) {
    String value = query.getOrDefault("sinceTime", "");
    try {
      return value.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(value));
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException("sinceTime: not a time: " + value, e);
    }
  }
}
