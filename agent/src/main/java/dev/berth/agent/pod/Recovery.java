package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.pod.PodSpec.Role;
import dev.berth.api.Reason;
import dev.berth.api.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// After a crash of the agent: finds the pod's sandbox and containers again.
///
/// The newest attempt that is not older than the API's count is taken up: running, or ended with
/// its exit status. One of which only the log tells has run, and how it ended nobody knows; it
/// counts as ended, and what may still run of it is ended. One that was taken down with the whole
/// of Berth begins anew under the next number. All else is removed. So nothing runs twice under one
/// number, and no log holds two runs.
final class Recovery {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private final PodContext pod;
  private final Supervision supervision;
  private final ContainerStart start;

  Recovery(PodContext pod, Supervision supervision, ContainerStart start) {
    this.pod = pod;
    this.supervision = supervision;
    this.start = start;
  }

  /// What the API's object tells of a container before this agent knew it.
  Tracked tracked(ContainerWish c) {
    Tracked t = new Tracked(c.name(), c.role(), pod.now());
    if (pod.spec.hasInit()) {
      t.state = new ContainerState.Waiting("PodInitializing", "", pod.now());
    }
    t.startedOnce = pod.status.wasInitialized();
    t.resume(pod.status.restarts(c.name()), pod.status.lastExit(c.name()));
    pod.status.ended(c.name()).ifPresent(t::ended);
    t.imageId = pod.status.imageId(c.name());
    t.diagnosis = pod.status.diagnosis(c.name());
    return t;
  }

  void recover() {
    pod.sandbox = pod.host.network().find(pod.spec.uid());
    start.files();
    start.guard();
    pod.containers.values().forEach(this::adopt);
    pod.containers.values().forEach(this::stopSignal);
    if (pod.sandbox.isEmpty()) {
      withoutNetwork();
    }
    start.refresh();
  }

  /// Network and memory are gone, as after a crash of the machine: all begin again, in their order.
  void withoutNetwork() {
    pod.containers.values().forEach(this::endWithoutNetwork);
    initAnew();
  }

  /// Containers that begin in a fresh sandbox find what init containers make for them
  /// (kubernetes.io: "Init Containers", "Pod restart reasons"). A main container of before may be
  /// called running still: its end is heard of later, and then it waits for its turn.
  private void initAnew() {
    Collection<Tracked> all = pod.containers.values();
    boolean begins = all.stream().filter(t -> t.role == Role.MAIN).anyMatch(this::beginsAgain);
    if (begins && !Turns.hasFailed(all)) {
      all.stream().filter(t -> t.role != Role.MAIN).forEach(t -> t.anew(pod.now()));
    }
  }

  private boolean beginsAgain(Tracked t) {
    return switch (t.state) {
      case ContainerState.Waiting _, ContainerState.Pulling _ -> true;
      case ContainerState.Running r ->
          switch (pod.spec.restartPolicy()) {
            case ALWAYS -> true;
            case ON_FAILURE -> !hasSucceeded(r.container());
            case NEVER -> false;
          };
      case ContainerState.Exited _ -> false;
    };
  }

  /// How one ended that does not run is known at once; one that was ended just now has not
  /// succeeded.
  private boolean hasSucceeded(Container c) {
    CompletableFuture<ExitStatus> exit = pod.host.containers().exit(c);
    return exit.isDone() && exit.join().success();
  }

  /// As its image says, if that is still here.
  private void stopSignal(Tracked t) {
    pod.wish(t)
        .flatMap(w -> pod.host.images().local(pod.spec.key().namespace(), w.image()))
        .ifPresent(
            image ->
                t.stopSignal = Signals.number(image.config().stopSignal()).orElse(t.stopSignal));
  }

  /// Nobody would reach it again: its namespaces have no name any more.
  private void endWithoutNetwork(Tracked t) {
    if (t.state instanceof ContainerState.Running r
        && pod.host.containers().running(r.container())) {
      t.stopped =
          Optional.of(
              new Diagnosis(
                  Reason.KILLED_BY_SIGNAL,
                  "the container was ended: its network was lost while Berth was away"));
      pod.host.containers().kill(r.container());
    }
  }

  /// Puts the container into the state that this host's traces show.
  void adopt(Tracked t) {
    Traces traces = Traces.of(pod, t);
    for (int attempt : traces.newestFirst()) {
      if (t.state instanceof ContainerState.Running && t.restarts == attempt) {
        continue; // found before a failed recovery was begun again
      }
      boolean wanted = isWanted(t, attempt);
      if (wanted && pod.host.containers().wasTakenDown(pod.stateDir(t, attempt))) {
        followDown(t, attempt);
        continue;
      }
      Optional<Container> found = wanted ? find(t, attempt, traces) : Optional.empty();
      if (found.isPresent()) {
        supersede(t);
        t.restarts = attempt;
        resume(t, found.get());
      } else if (traces.remains().contains(attempt)) {
        pod.wipe(t, attempt);
      }
    }
  }

  /// One that the API calls ended may have begun again without its hearing of it: an init container
  /// of a pod whose network was lost.
  private static boolean isWanted(Tracked t, int attempt) {
    return switch (t.state) {
      case ContainerState.Waiting _ -> t.restarts <= attempt;
      case ContainerState.Exited _ -> t.restarts < attempt;
      case ContainerState.Running _, ContainerState.Pulling _ -> false;
    };
  }

  /// What the API calls ended is the attempt before the one that was found.
  private void supersede(Tracked t) {
    if (t.state instanceof ContainerState.Exited e) {
      t.last = Optional.of(e);
      t.state = new ContainerState.Waiting("PodInitializing", "", pod.now());
    }
  }

  /// Its directory stays until the next attempt runs, or the API knows of that one: an agent that
  /// ends before must not take the log that is left for a container that was lost.
  private void followDown(Tracked t, int attempt) {
    supersede(t);
    t.restarts = attempt + 1;
    pod.host
        .containers()
        .adopt(pod.stateDir(t, attempt), pod.id(t, attempt), pod.cgroup(t, attempt))
        .ifPresent(c -> t.last = Optional.of(down(c)));
  }

  private ContainerState.Exited down(Container c) {
    ExitStatus exit = pod.host.containers().exit(c).join(); // nothing of it runs any more
    return new ContainerState.Exited(
        exit,
        PodContext.containerId(c),
        c.startedAt(),
        exit.success() ? "Completed" : "Error",
        "it was stopped with the whole of Berth");
  }

  private Optional<Container> find(Tracked t, int attempt, Traces traces) {
    Optional<Container> known =
        pod.host
            .containers()
            .adopt(pod.stateDir(t, attempt), pod.id(t, attempt), pod.cgroup(t, attempt));
    return known.isPresent() || !traces.logged().contains(attempt)
        ? known
        : Optional.of(lost(t, attempt));
  }

  /// It has written a log, so it must not run again under its number.
  private Container lost(Tracked t, int attempt) {
    pod.wipe(t, attempt);
    t.stopped =
        Optional.of(
            new Diagnosis(
                Reason.EXITED_EARLY,
                "how the container ended is not known: its state was lost while Berth was away"));
    return pod.host
        .containers()
        .lost(
            pod.stateDir(t, attempt),
            pod.id(t, attempt),
            pod.cgroup(t, attempt),
            written(pod.logFile(t, attempt)));
  }

  private Instant written(Path file) {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (IOException e) {
      return pod.now();
    }
  }

  private void resume(Tracked t, Container c) {
    boolean ready = pod.status.wasReady(t.name, PodContext.containerId(c));
    t.startedAt = c.startedAt();
    t.strain = Strain.before(pod.host.containers().limited(c));
    boolean runs = pod.host.containers().running(c);
    if (runs) {
      pod.host.containers().endCommands(c);
    }
    told(t, runs);
    if (runs && isNew(t, c)) {
      supervision.first(t, c, Optional.empty());
      return;
    }
    boolean started = ready || pod.wish(t).flatMap(ContainerWish::startup).isEmpty();
    boolean asked = pod.wish(t).flatMap(ContainerWish::readiness).isPresent();
    boolean served = t.role != Role.INIT && (ready || (started && !asked));
    supervision.begin(t, c, Optional.empty(), started, served);
  }

  /// Whether its first hook may not have ended: that is asked at least once (kubernetes.io:
  /// "Container Lifecycle Hooks", "Hook delivery guarantees").
  private boolean isNew(Tracked t, Container c) {
    return supervision.hasFirstHook(t) && !pod.status.wasStarted(t.name, PodContext.containerId(c));
  }

  private void told(Tracked t, boolean runs) {
    log.atInfo()
        .addKeyValue("pod", pod.spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("running", runs)
        .log("container adopted");
  }
}
