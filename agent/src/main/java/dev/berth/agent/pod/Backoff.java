package dev.berth.agent.pod;

import java.time.Duration;

/// The pauses between restarts: 10 s, doubling up to 5 minutes; a run of 10 minutes starts anew.
record Backoff(int failures) {
  private static final Duration FIRST = Duration.ofSeconds(10);
  private static final Duration LAST = Duration.ofMinutes(5);
  private static final Duration HEALTHY = Duration.ofMinutes(10);

  static final Backoff NONE = new Backoff(0);

  /// After a run of this length. The first restart comes at once.
  Backoff after(Duration run) {
    return run.compareTo(HEALTHY) >= 0 ? new Backoff(1) : new Backoff(failures + 1);
  }

  /// Where an agent before this one had come to, after so many restarts of which the last followed
  /// a run of this length.
  static Backoff resumed(int restarts, Duration lastRun) {
    return restarts == 0 ? NONE : new Backoff(restarts - 1).after(lastRun);
  }

  Duration pause() {
    if (failures <= 1) {
      return Duration.ZERO;
    }
    Duration pause = FIRST.multipliedBy(1L << Math.min(failures - 2, 10));
    return pause.compareTo(LAST) > 0 ? LAST : pause;
  }
}
