package dev.berth.agent.cgroup;

import java.util.OptionalLong;

/// What a container may use. CPU is in thousandths of a core: the request becomes its weight, the
/// limit a quota.
public record Limits(
    long cpuRequestMilli, OptionalLong cpuLimitMilli, OptionalLong memoryBytes, long pids) {
  public static final long DEFAULT_PIDS = 2048;
  static final long PERIOD_MICROS = 100_000;

  public static Limits none() {
    return new Limits(100, OptionalLong.empty(), OptionalLong.empty(), DEFAULT_PIDS);
  }

  long shares() {
    return Math.clamp(cpuRequestMilli * 1024 / 1000, 2, 262_144);
  }

  /// The kernel's own mapping of shares (2..262144) to weights (1..10000).
  long weight() {
    return 1 + (shares() - 2) * 9999 / 262_142;
  }

  OptionalLong quotaMicros() {
    return cpuLimitMilli.isPresent()
        ? OptionalLong.of(Math.max(1000, cpuLimitMilli.getAsLong() * PERIOD_MICROS / 1000))
        : OptionalLong.empty();
  }
}
