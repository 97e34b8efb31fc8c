package dev.berth.client;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Growing waits: each is drawn between half and all of a bound that doubles up to the greatest.
/// For one thread.
final class Backoff {
  private final Duration least;
  private final Duration most;
  private final RandomGenerator random;
  private Duration bound;

  Backoff(Duration least, Duration most, RandomGenerator random) {
    this.least = least;
    this.most = most;
    this.random = random;
    this.bound = least;
  }

  Duration next() {
    long millis = bound.toMillis();
    Duration doubled = bound.multipliedBy(2);
    bound = doubled.compareTo(most) > 0 ? most : doubled;
    return Duration.ofMillis(millis / 2 + random.nextLong(millis / 2 + 1));
  }

  void reset() {
    bound = least;
  }
}
