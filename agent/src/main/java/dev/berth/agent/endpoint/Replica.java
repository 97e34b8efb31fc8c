package dev.berth.agent.endpoint;

import dev.berth.agent.endpoint.EndpointConfig.ReplicaAddress;

/// One replica as the balancer sees it: requests in flight, and latency as a peak-sensitive moving
/// average. A slow answer counts at once in full, and fades with a time constant of ten seconds.
/// Touched under its endpoint's lock.
final class Replica {
  private static final double FADE_NANOS = 10e9;
  private static final double FIRST_GUESS_NANOS = 1e6;

  final ReplicaAddress address;
  private int inFlight;
  private double latency = FIRST_GUESS_NANOS;
  private long measuredAt;

  Replica(ReplicaAddress address, long now) {
    this.address = address;
    this.measuredAt = now;
  }

  int inFlight() {
    return inFlight;
  }

  void begin() {
    inFlight++;
  }

  void end(long tookNanos, long now) {
    inFlight--;
    double weight = Math.exp(-Math.max(0, now - measuredAt) / FADE_NANOS);
    latency = tookNanos > latency ? tookNanos : latency * weight + tookNanos * (1 - weight);
    measuredAt = now;
  }

  /// What a further request would cost here; the lower, the better.
  double cost() {
    return (inFlight + 1) * latency;
  }
}
