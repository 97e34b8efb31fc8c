package dev.berth.agent.pod;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.diagnosis.ExitCause;
import dev.berth.agent.diagnosis.Reason;
import dev.berth.agent.logs.LogReader;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodMessage.Question;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.probe.Outcome;
import dev.berth.agent.probe.Probe;
import dev.berth.agent.probe.ProbeLoop;
import dev.berth.agent.probe.ProbeTarget;
import dev.berth.agent.probe.ProbeTimer;
import dev.berth.api.Times;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A container from its start to its end: exit, probes, verdicts, and what they mean.
final class Supervision {
  private static final Logger log = LoggerFactory.getLogger(Supervision.class);
  private static final int TERMINATION_MESSAGE_BYTES = 2048;
  private static final int TERMINATION_MESSAGE_LINES = 20;
  private final PodContext pod;

  Supervision(PodContext pod) {
    this.pod = pod;
  }

  void begin(
      Tracked t, Container c, Optional<ContainerSpec> compiled, boolean started, boolean ready) {
    t.state = new ContainerState.Running(c, compiled, started, ready, "", "");
    t.began("run", pod.now());
    pod.host.logs().watch(c, pod.logFile(t));
    var _ =
        pod.host
            .containers()
            .exit(c)
            .thenAccept(exit -> pod.mailbox.accept(new PodMessage.Exited(t.name, c.id(), exit)));
    probes(t, c, compiled, started);
  }

  private void probes(Tracked t, Container c, Optional<ContainerSpec> compiled, boolean started) {
    ProbeTarget target =
        new ProbeTarget(
            pod.sandbox.map(Sandbox::address).orElse("127.0.0.1"), c.pid(), exec(t, c, compiled));
    pod.wish(t)
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

  private ProbeTarget.Exec exec(Tracked t, Container c, Optional<ContainerSpec> compiled) {
    ContainerSpec identity =
        compiled.orElseGet(
            () ->
                new SpecBuilder(pod.host, pod.spec, pod.sandbox.orElseThrow()).forExec(t.name, c));
    return (command, timeout) -> {
      var result = pod.host.containers().exec(c, identity, command, timeout);
      return new ProbeTarget.Result(result.code(), result.output());
    };
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

  private void readiness(Tracked t, ContainerState.Running r, Outcome o) {
    t.state = r.judged(o.ok(), o.message(), o.reason());
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
    if (r.ready() || (o.reason().equals(Reason.HANGS_BEFORE_LISTENING) && !hangs(t, r))) {
      return;
    }
    Diagnosis seen = diagnosis(t, o);
    if (t.diagnosis.filter(seen::sameAs).isEmpty() || !r.why().equals(seen.message())) {
      t.diagnosis = Optional.of(seen);
      t.state = r.judged(false, seen.message(), seen.reason());
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
    if (o.reason().equals(Reason.HANGS_BEFORE_LISTENING)) {
      return new Diagnosis(
          o.reason(), o.message() + "; it has run since " + Times.format(t.startedAt));
    }
    return new Diagnosis(o.reason().isEmpty() ? Reason.NEVER_READY : o.reason(), o.message());
  }

  /// Ends a container whose probe failed; its end is then told as the probe's finding.
  private void stop(Tracked t, ContainerState.Running r, String message, Outcome o) {
    pod.warning("Unhealthy", message);
    t.diagnosis = Optional.of(diagnosis(t, o));
    t.stopped = t.diagnosis;
    t.stopProbes();
    t.began("stop: " + message, pod.now());
    pod.host.containers().terminate(r.container());
    var _ = Thread.ofVirtual().name("stop-" + r.container().id()).start(() -> killLater(r));
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

  // ---- what it writes

  /// Ends a container that has written more than it may; its files go with it, and it starts anew
  /// without them.
  void weigh(Tracked t) {
    OptionalLong limit = pod.wish(t).map(ContainerWish::diskBytes).orElse(OptionalLong.empty());
    if (limit.isEmpty()
        || t.stopped.isPresent()
        || !(t.state instanceof ContainerState.Running r)) {
      return;
    }
    long used = DiskUse.of(r.container().dir().resolve("upper"));
    if (used <= limit.getAsLong()) {
      return;
    }
    String message =
        "container "
            + t.name
            + " wrote "
            + ExitCause.bytes(used)
            + ", and its limit of ephemeral-storage is "
            + ExitCause.bytes(limit.getAsLong());
    pod.warning("Evicted", message);
    t.stopped = Optional.of(new Diagnosis(Reason.DISK_FULL, message));
    t.diagnosis = t.stopped;
    t.stopProbes();
    t.began("stop: " + message, pod.now());
    pod.host.containers().kill(r.container());
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
            exit.success() ? "" : tail);
    Restart next =
        Restart.after(
            exit,
            pod.spec.restartPolicy(),
            pod.ending(),
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
      pod.host.containers().machine().cgroups().existing(c.cgroup()).remove();
    }
  }

  private void again(Tracked t, Container c, ContainerState.Exited over, Restart next) {
    pod.host.containers().delete(c);
    t.last = Optional.of(over);
    t.restarts++;
    t.backoff = next.backoff();
    t.state = next.waiting();
    if (!next.backoff().pause().isZero()) {
      pod.warning("BackOff", "Back-off restarting failed container " + t.name);
    }
  }

  /// A pod that was asked to end, or that was to end by itself and did, needs no explanation.
  private void diagnose(Tracked t, Container c, ExitStatus exit, String tail, boolean again) {
    Optional<Diagnosis> stopped = t.stopped;
    t.stopped = Optional.empty();
    t.hang = Optional.empty();
    if (pod.ending() || (exit.success() && !again)) {
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
