package dev.berth.agent.pod;

import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.pod.PodSpec.Role;
import dev.berth.agent.probe.ProbeLoop;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// One container of a pod as its worker keeps it; touched by the worker's thread alone.
final class Tracked {
  final String name;
  final Role role;
  ContainerState state;
  Optional<ContainerState.Exited> last = Optional.empty();
  int restarts;
  Backoff backoff = Backoff.NONE;
  Backoff pulls = Backoff.NONE;

  /// How often in a row it did not begin because something that it refers to was not there.
  int misses;

  String imageId = "";
  int stopSignal = 15;
  Instant startedAt = Instant.EPOCH;

  /// A sidecar that was started holds up nobody any more, also when it has to start again.
  boolean startedOnce;

  /// It was asked to end because the pod needs it no more.
  boolean finishing;

  /// The id of the run that was asked to stop already.
  String stopping = "";

  /// Counting its files may take at most a tenth of the time.
  Instant weighAgain = Instant.EPOCH;

  /// Bytes that it had written at the last look.
  long written;

  /// What is wrong with it; empty while it runs well or is just starting.
  Optional<Diagnosis> diagnosis = Optional.empty();

  /// Why we ended it ourselves, while it has not ended yet.
  Optional<Diagnosis> stopped = Optional.empty();

  /// What it is refused while it runs, and the words for it; kept apart from what probes find.
  Strain strain = Strain.NONE;

  Optional<Diagnosis> strained = Optional.empty();

  Optional<Hang> hang = Optional.empty();
  Instant since;
  String operation = "";
  String error = "";
  final Map<PodMessage.Question, ProbeLoop> probes = new EnumMap<>(PodMessage.Question.class);

  Tracked(String name, Instant now) {
    this(name, Role.MAIN, now);
  }

  Tracked(String name, Role role, Instant now) {
    this.name = name;
    this.role = role;
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

  /// The API knows that it has ended for good.
  void ended(ContainerState.Exited exit) {
    state = exit;
    startedAt = exit.startedAt();
  }

  /// What it had done is gone with the pod's network and memory: it has to do it again.
  void anew(Instant now) {
    if (state instanceof ContainerState.Exited e) {
      last = Optional.of(e);
      restarts++;
      state = new ContainerState.Waiting("PodInitializing", "", now);
    }
    startedOnce = false;
  }

  /// What is wrong with it, the kernel's word first.
  Optional<Diagnosis> told() {
    return strained.or(() -> diagnosis);
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
