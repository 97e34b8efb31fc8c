package dev.berth.agent.pod;

import java.time.Duration;
import java.time.Instant;

/// Whether a container that listens on no port hangs or is still loading: one that waits uses no
/// CPU. Pure.
///
/// @param at of the first sample
/// @param cpuNanos used until then
record Hang(Instant at, long cpuNanos) {
  private static final Duration WINDOW = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final double IDLE = 0.02;

  /// True when it hangs by now; a busy one is only said to after a long time.
  boolean hangs(Instant startedAt, Instant now, long cpuNow) {
    Duration window = Duration.between(at, now);
    boolean idle = cpuNow - cpuNanos < window.toNanos() * IDLE;
    return (window.compareTo(WINDOW) >= 0 && idle)
        || Duration.between(startedAt, now).compareTo(LONG) >= 0;
  }

  /// A window that ended busy begins anew.
  Hang next(Instant now, long cpuNow) {
    return Duration.between(at, now).compareTo(WINDOW) >= 0 ? new Hang(now, cpuNow) : this;
  }
}
