package dev.berth.cli.verb;

import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import java.time.Duration;
import picocli.CommandLine.Option;

/// Whether a verb waits for what it is about to run, and how long.
public final class Patience {
  @Option(
      names = "--wait",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Wait until it runs (the default); --no-wait returns at once.")
  boolean wait = true;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      description = "How long to wait (${DEFAULT-VALUE}).")
  String timeout = "10m";

  public boolean waits() {
    return wait;
  }

  /// Throws a `Failure` for what is no time.
  public Duration limit() {
    return limit(timeout);
  }

  /// What `--timeout` says.
  public static Duration limit(String timeout) {
    return Spans.parse(timeout)
        .orElseThrow(
            () -> Failure.of("--timeout " + timeout + " is not a time", "for example 90s, 5m, 1h"));
  }
}
