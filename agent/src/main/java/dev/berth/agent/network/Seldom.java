package dev.berth.agent.network;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Bounds what a log says of what others can repeat at will: of each thing once in ten minutes, and
/// of no more than 1024 things in that time. Time alone decides, as one who may end and begin again
/// as fast as it likes would else be told of as fast. Any thread.
final class Seldom {
  static final Duration PERIOD = Duration.ofMinutes(10);
  static final int MOST = 1024;

  private final InstantSource clock;
  private final Map<Object, Instant> told = new HashMap<>();

  Seldom(InstantSource clock) {
    this.clock = clock;
  }

  /// Whether to tell of it now; then it counts as told.
  synchronized boolean tell(Object about) {
    Instant now = clock.instant();
    Instant last = told.get(about);
    if (last != null && now.isBefore(last.plus(PERIOD))) {
      return false;
    }
    if (last == null && told.size() >= MOST) {
      told.values().removeIf(then -> !now.isBefore(then.plus(PERIOD)));
    }
    if (last == null && told.size() >= MOST) {
      return false;
    }
    told.put(about, now);
    return true;
  }
}
