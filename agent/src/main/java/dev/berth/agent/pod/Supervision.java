package dev.berth.agent.pod;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.diagnosis.ExitCause;
import dev.berth.agent.logs.LogReader;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodMessage.Question;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.pod.PodSpec.Role;
import dev.berth.agent.probe.Outcome;
import dev.berth.agent.probe.Probe;
import dev.berth.agent.probe.ProbeLoop;
import dev.berth.agent.probe.ProbeTarget;
import dev.berth.agent.probe.ProbeTimer;
import dev.berth.api.Reason;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A container from its start to its end: exit, probes, verdicts, and what they mean.
final class Supervision {
  private static final Logger log = LoggerFactory.getLogger(Supervision.class);
  private static final int TERMINATION_MESSAGE_BYTES = 2048;
  private static final int TERMINATION_MESSAGE_LINES = 20;
  private final PodContext pod;
  private final Hooks hooks;
  private final Demands demands;

  Supervision(PodContext pod) {
    this.pod = pod;
    this.hooks = new Hooks(pod);
    this.demands = new Demands(pod);
  }

  /// A container that has just begun: its hook comes before its probes, and until it has ended the
  /// container does not count as started.
  void first(Tracked t, Container c, Optional<ContainerSpec> compiled) {
    if (hooks.hasPostStart(t)) {
      watch(t, c, new ContainerState.Running(c, compiled, false, false, "", ""));
      hooks.postStart(t, c, compiled);
    } else {
      free(t, c, compiled);
    }
  }

  boolean hasFirstHook(Tracked t) {
    return hooks.hasPostStart(t);
  }

  /// Ready at once, or when its probes say so.
  private void free(Tracked t, Container c, Optional<ContainerSpec> compiled) {
    boolean started = pod.wish(t).flatMap(ContainerWish::startup).isEmpty();
    boolean ready =
        started && t.role != Role.INIT && pod.wish(t).flatMap(ContainerWish::readiness).isEmpty();
    begin(t, c, compiled, started, ready);
  }

  void postStarted(Tracked t, PodMessage.PostStarted hook) {
    ContainerState.Running r = (ContainerState.Running) t.state;
    if (hook.outcome().ok()) {
      free(t, r.container(), r.spec());
    } else {
      String message = "PostStart hook failed: " + hook.outcome().message();
      pod.warning("FailedPostStartHook", message);
      stop(t, r, new Diagnosis(Reason.START_FAILED, message));
    }
  }

  void begin(
      Tracked t, Container c, Optional<ContainerSpec> compiled, boolean started, boolean ready) {
    t.startedOnce |= started;
    watch(t, c, new ContainerState.Running(c, compiled, started, ready, "", ""));
    probes(t, c, compiled, started);
  }

  private void watch(Tracked t, Container c, ContainerState.Running running) {
    t.state = running;
    t.began("run", pod.now());
    pod.host.logs().watch(c, pod.logFile(t));
    var _ =
        pod.host
            .containers()
            .exit(c)
            .thenAccept(exit -> pod.mailbox.accept(new PodMessage.Exited(t.name, c.id(), exit)));
  }

  private void probes(Tracked t, Container c, Optional<ContainerSpec> compiled, boolean started) {
    ProbeTarget target =
        new ProbeTarget(
            pod.sandbox.map(Sandbox::address).orElse(""),
            c.pid(),
            hooks.exec(t, c, compiled),
            loading(t, c));
    pod.wish(t)
        .filter(w -> w.role() != Role.INIT)
        .ifPresent(
            w -> {
              if (started) {
                probe(t, c, target, Question.LIVENESS, w.liveness());
                probe(t, c, target, Question.READINESS, w.readiness());
              } else {
                probe(t, c, target, Question.STARTUP, w.startup());
              }
            });
  }

  /// As long as half of the time that its start has is not over.
  private BooleanSupplier loading(Tracked t, Container c) {
    Duration start = pod.wish(t).map(ContainerWish::startTime).orElse(Duration.ZERO);
    Instant end = c.startedAt().plus(start.dividedBy(2));
    return () -> pod.now().isBefore(end);
  }

  private void probe(
      Tracked t, Container c, ProbeTarget target, Question question, Optional<Probe> probe) {
    probe.ifPresent(
        p ->
            t.probes.put(
                question,
                ProbeLoop.start(
                    pod.spec.key() + "-" + t.name,
                    question != Question.LIVENESS,
                    p,
                    target,
                    pod.host.prober(),
                    ProbeTimer.SYSTEM,
                    (outcome, settled) ->
                        pod.mailbox.accept(
                            new PodMessage.Verdict(t.name, c.id(), question, outcome, settled)))));
  }

  // ---- verdicts

  void judge(Tracked t, PodMessage.Verdict v) {
    ContainerState.Running r = (ContainerState.Running) t.state;
    Outcome o = v.outcome();
    pod.status.protocol(o);
    if (!v.settled()) {
      explain(t, r, o);
      return;
    }
    switch (v.question()) {
      case READINESS -> readiness(t, r, o);
      case STARTUP -> startup(t, r, o);
      case LIVENESS -> {
        if (!o.ok()) {
          stop(t, r, "Liveness probe failed: " + o.message(), o);
        }
      }
    }
  }

  /// Before a container is called ready its disk is looked at: one that fills it at each start
  /// would else be ready until the next look, again and again.
  private void readiness(Tracked t, ContainerState.Running r, Outcome o) {
    if (o.ok() && !r.ready()) {
      demands.weigh(t);
      if (t.stopped.isPresent()) {
        return;
      }
    }
    t.state = r.judged(o.ok(), o.message(), o.reason().map(Reason::text).orElse(""));
    t.diagnosis = o.ok() ? Optional.empty() : Optional.of(diagnosis(t, o));
    if (!o.ok()) {
      pod.warning("Unhealthy", "Readiness probe failed: " + o.message());
    }
  }

  private void startup(Tracked t, ContainerState.Running r, Outcome o) {
    if (o.ok() && !r.started()) {
      t.stopProbes();
      boolean ready = pod.wish(t).flatMap(ContainerWish::readiness).isEmpty();
      begin(t, r.container(), r.spec(), true, ready);
    } else if (!o.ok()) {
      stop(t, r, "Startup probe failed: " + o.message(), o);
    }
  }

  /// A port that nobody listens on, or another protocol, is worth telling at once.
  private void explain(Tracked t, ContainerState.Running r, Outcome o) {
    if (r.ready()
        || (o.reason().equals(Optional.of(Reason.HANGS_BEFORE_LISTENING)) && !hangs(t, r))) {
      return;
    }
    Diagnosis seen = diagnosis(t, o);
    if (t.diagnosis.filter(seen::sameAs).isEmpty() || !r.why().equals(seen.message())) {
      t.diagnosis = Optional.of(seen);
      t.state = r.judged(false, seen.message(), seen.reason().text());
      pod.warning("Unhealthy", seen.message());
    }
  }

  private boolean hangs(Tracked t, ContainerState.Running r) {
    long cpu = pod.host.containers().usage(r.container()).cpuNanos();
    Hang sample = t.hang.orElseGet(() -> new Hang(pod.now(), cpu));
    boolean hangs = sample.hangs(t.startedAt, pod.now(), cpu);
    t.hang = Optional.of(hangs ? sample : sample.next(pod.now(), cpu));
    return hangs;
  }

  private static Diagnosis diagnosis(Tracked t, Outcome o) {
    if (o.reason().equals(Optional.of(Reason.HANGS_BEFORE_LISTENING))) {
      return new Diagnosis(
          Reason.HANGS_BEFORE_LISTENING,
          o.message() + "; it has run since " + Times.format(t.startedAt));
    }
    return new Diagnosis(o.reason().orElse(Reason.NEVER_READY), o.message());
  }

  /// Ends a container whose probe failed; its end is then told as the probe's finding.
  private void stop(Tracked t, ContainerState.Running r, String message, Outcome o) {
    pod.warning("Unhealthy", message);
    stop(t, r, diagnosis(t, o));
  }

  private void stop(Tracked t, ContainerState.Running r, Diagnosis found) {
    t.diagnosis = Optional.of(found);
    t.stopped = t.diagnosis;
    t.state = r.judged(false, found.message(), found.reason().text());
    end(t, r, found.message());
  }

  private void end(Tracked t, ContainerState.Running r, String why) {
    t.stopProbes();
    t.began("stop: " + why, pod.now());
    hooks.stop(t, r);
    var _ = Thread.ofVirtual().name("stop-" + r.container().id()).start(() -> killLater(r));
  }

  /// Asks a container to end, for good; a sidecar that waits for its next start has ended.
  void finish(Tracked t, String why) {
    if (t.role == Role.SIDECAR
        && (t.state instanceof ContainerState.Waiting
            || t.state instanceof ContainerState.Pulling)) {
      t.last.ifPresent(t::ended);
    }
    if (t.state instanceof ContainerState.Running r && !t.finishing) {
      t.finishing = true;
      end(t, r, why);
    }
  }

  private void killLater(ContainerState.Running r) {
    try {
      pod.host
          .containers()
          .exit(r.container())
          .get(pod.spec.grace().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      pod.host.containers().kill(r.container());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      log.atDebug().setCause(e).log("exit of an unhealthy container");
    }
  }

  // ---- the end

  void exited(Tracked t, ExitStatus exit) {
    Container c = ((ContainerState.Running) t.state).container();
    t.stopProbes();
    t.began("exit", pod.now());
    pod.host.logs().forget(c);
    String tail =
        LogReader.lastLines(pod.logFile(t), TERMINATION_MESSAGE_LINES, TERMINATION_MESSAGE_BYTES);
    ContainerState.Exited over =
        new ContainerState.Exited(
            exit,
            PodContext.containerId(c),
            t.startedAt,
            exit.success() ? "Completed" : exit.outOfMemory() ? "OOMKilled" : "Error",
            pod.message(t, t.restarts).read(exit.success() ? "" : tail));
    Restart next =
        Restart.after(
            exit,
            Restart.policy(t.role, pod.spec.restartPolicy()),
            pod.ending() || t.finishing,
            t.backoff,
            t.startedAt,
            t.restarts + 1,
            pod.now());
    diagnose(t, c, exit, tail, next.again());
    log.atInfo()
        .addKeyValue("pod", pod.spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("code", exit.code())
        .addKeyValue("reason", over.reason())
        .log("container ended");
    if (next.again()) {
      again(t, c, over, next);
    } else {
      t.state = over;
      if (t.role != Role.MAIN) {
        pod.host.containers().strip(c); // its exit stays known
      }
    }
  }

  private void again(Tracked t, Container c, ContainerState.Exited over, Restart next) {
    pod.host.containers().strip(c); // its exit stays known until the next attempt runs
    t.last = Optional.of(over);
    t.restarts++;
    t.backoff = next.backoff();
    t.state = next.waiting();
    if (!next.backoff().pause().isZero()) {
      pod.warning("BackOff", "Back-off restarting failed container " + t.name);
    }
  }

  /// A pod of which nothing will run again keeps no address; there are only so many.
  void detach() {
    if (pod.sandbox.isPresent()) {
      pod.host.network().detach(pod.spec.uid());
      pod.sandbox = Optional.empty();
    }
  }

  /// A pod that was asked to end, or that was to end by itself and did, needs no explanation.
  private void diagnose(Tracked t, Container c, ExitStatus exit, String tail, boolean again) {
    boolean wanted = !pod.ending() && !t.finishing;
    Optional<Diagnosis> stopped = t.stopped;
    t.strain = Strain.NONE;
    t.strained = Optional.empty();
    t.stopped = Optional.empty();
    t.hang = Optional.empty();
    if (!wanted || (exit.success() && !again)) {
      t.diagnosis = Optional.empty();
    } else {
      t.diagnosis = stopped.or(() -> Optional.of(cause(t, c, exit, tail)));
    }
  }

  private Diagnosis cause(Tracked t, Container c, ExitStatus exit, String tail) {
    Limited limits = pod.host.containers().limited(c);
    return ExitCause.of(
        new ExitCause.Ended(
            exit.code(),
            exit.signal(),
            Duration.between(t.startedAt, exit.at()),
            exit.outOfMemory(),
            limits.memoryLimit(),
            limits.memoryPeak(),
            limits.processLimit(),
            limits.refusedForks(),
            ContainerSpec.DEFAULT_OPEN_FILES,
            tail.lines().toList()));
  }
}
