package dev.berth.cli.progress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A moment of a run, as it is shown: title, time used, time allowed, rows.
public record Tree(String title, Duration elapsed, Optional<Duration> limit, List<Row> rows) {
  public Tree {
    rows = List.copyOf(rows);
  }
}
