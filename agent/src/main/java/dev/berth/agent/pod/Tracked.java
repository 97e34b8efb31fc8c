package dev.berth.agent.pod;

import dev.berth.agent.probe.ProbeLoop;
import java.time.Duration;
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

  /// Takes up what an agent before this one had counted: a crash of ours is no fresh start for a
  /// container that crashes too.
  void resume(int restartsBefore, Optional<ContainerState.Exited> lastExit) {
    restarts = restartsBefore;
    last = lastExit;
    lastExit.ifPresent(
        exit -> {
          Instant end = exit.exit().at();
          backoff = Backoff.resumed(restartsBefore, Duration.between(exit.startedAt(), end));
          if (!backoff.pause().isZero()) {
            state =
                new ContainerState.Waiting(
                    "CrashLoopBackOff",
                    "back-off "
                        + backoff.pause().toSeconds()
                        + "s restarting failed container "
                        + name,
                    end.plus(backoff.pause()));
          }
        });
  }

  void stopProbes() {
    probes.forEach(ProbeLoop::close);
    probes.clear();
  }
}
