package dev.berth.agent.pod;

import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.probe.ProbeLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
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

  /// What is wrong with it; empty while it runs well or is just starting.
  Optional<Diagnosis> diagnosis = Optional.empty();

  /// Why we ended it ourselves, while it has not ended yet.
  Optional<Diagnosis> stopped = Optional.empty();

  Optional<Hang> hang = Optional.empty();
  Instant since;
  String operation = "";
  String error = "";
  final Map<PodMessage.Question, ProbeLoop> probes = new EnumMap<>(PodMessage.Question.class);

  Tracked(String name, Instant now) {
    this.name = name;
    this.state = new ContainerState.Waiting("ContainerCreating", "", now);
    this.since = now;
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
            state = Restart.waiting(backoff.pause(), restartsBefore, end);
          }
        });
  }

  /// An operation that may fail; what the one before it said is forgotten.
  void begins(String what, Instant now) {
    began(what, now);
    error = "";
  }

  void began(String what, Instant now) {
    operation = what;
    since = now;
  }

  void failed(String message) {
    error = message;
  }

  void stopProbes() {
    probes.values().forEach(ProbeLoop::close);
    probes.clear();
  }
}
