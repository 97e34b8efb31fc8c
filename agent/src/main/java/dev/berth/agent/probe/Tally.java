package dev.berth.agent.probe;

import java.time.Duration;
import java.util.Optional;

/// Counts the answers to one probe and says which of them are news. Pure: the caller tells how long
/// it has been asking.
///
/// Questions may come more often than once a period while a container starts. A failure counts at
/// most once a period all the same: otherwise twenty times the questions would give a container a
/// twentieth of its time.
final class Tally {
  /// What an answer means.
  enum News {
    NONE,
    /// No verdict yet, but it is already known what is wrong.
    EARLY,
    /// The verdict changes, or a further row of failures is full.
    VERDICT
  }

  private final Probe probe;
  private int good;
  private int bad;
  private boolean everGood;
  private String protocol = "";
  private Optional<Duration> counted = Optional.empty();

  Tally(Probe probe) {
    this.probe = probe;
  }

  boolean everGood() {
    return everGood;
  }

  /// @param elapsed since the first question
  News take(Outcome outcome, Duration elapsed) {
    return outcome.ok() ? success(outcome) : failure(outcome, elapsed);
  }

  private News success(Outcome outcome) {
    everGood = true;
    bad = 0;
    counted = Optional.empty();
    good++;
    boolean other = good > probe.successes() && !outcome.protocol().equals(protocol);
    if (good != probe.successes() && !other) {
      return News.NONE;
    }
    protocol = outcome.protocol();
    return News.VERDICT;
  }

  private News failure(Outcome outcome, Duration elapsed) {
    good = 0;
    boolean due =
        counted.map(last -> elapsed.minus(last).compareTo(probe.period()) >= 0).orElse(true);
    if (due) {
      counted = Optional.of(elapsed);
      bad++;
      if (bad % probe.failures() == 0) {
        return News.VERDICT;
      }
    }
    return !everGood && elapsed.compareTo(outcome.patience()) >= 0 ? News.EARLY : News.NONE;
  }
}
