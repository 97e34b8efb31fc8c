package dev.berth.agent.pod;

import dev.berth.agent.probe.ProbeLoop;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One container of a pod as its worker keeps it; touched by the worker's thread alone.
final class Tracked {
  final String name;
  ContainerState state;
  Optional<ContainerState.Exited> last = Optional.empty();
  int restarts;
  Backoff backoff = Backoff.NONE;
  Backoff pulls = Backoff.NONE;
  String imageId = "";
  int stopSignal = 15;
  Instant startedAt = Instant.EPOCH;
  final List<ProbeLoop> probes = new ArrayList<>();

  Tracked(String name, Instant now) {
    this.name = name;
    this.state = new ContainerState.Waiting("ContainerCreating", "", now);
  }

  void stopProbes() {
    probes.forEach(ProbeLoop::close);
    probes.clear();
  }
}
