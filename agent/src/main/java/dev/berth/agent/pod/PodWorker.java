package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.image.Image;
import dev.berth.agent.image.ImageException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.logs.LogReader;
import dev.berth.agent.network.PodFiles;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.pod.PodSpec.RestartPolicy;
import dev.berth.agent.probe.Outcome;
import dev.berth.agent.probe.Probe;
import dev.berth.agent.probe.ProbeLoop;
import dev.berth.agent.probe.ProbeTarget;
import dev.berth.api.ImageRef;
import dev.berth.api.Json;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/// One pod: a mailbox and the thread that empties it. Each message changes the state, then `step`
/// does what the state asks for, then the status goes out if it differs.
///
/// ```
/// message      | what it does
/// wish         | the API's newest object; deletion turns the pod towards its end
/// pulled       | Pulling -> Running (start) or Waiting (failed, with back-off)
/// exited       | Running -> Waiting (restart) or Exited
/// verdict      | readiness, start-up; failed liveness kills the container
/// stop         | the agent ends: the thread ends, containers stay
/// ```
///
/// A pod that goes: SIGTERM to all, after the grace SIGKILL, then network and files, then the
/// object is released.
final class PodWorker {
  private static final Logger log = LoggerFactory.getLogger(PodWorker.class);
  private static final int TERMINATION_MESSAGE_BYTES = 2048;
  private static final int TERMINATION_MESSAGE_LINES = 20;
  private static final Duration IDLE = Duration.ofMinutes(5);
  private static final Duration TROUBLE = Duration.ofSeconds(1);
  private static final long PROGRESS_PERIOD_MILLIS = 1000;

  private enum Question {
    STARTUP,
    READINESS,
    LIVENESS
  }

  private sealed interface Message {
    record Wish(PodSpec spec) implements Message {}

    record Removed() implements Message {}

    record PullProgress(String container, String text) implements Message {}

    record Pulled(String container, Image image) implements Message {}

    record PullFailed(String container, String message) implements Message {}

    record Exited(String container, String id, ExitStatus exit) implements Message {}

    /// Not `settled`: seen before the threshold, an explanation only.
    record Verdict(String container, String id, Question question, Outcome outcome, boolean settled)
        implements Message {}

    record Stop() implements Message {}
  }

  private final PodHost host;
  private final BlockingQueue<Message> mailbox = new LinkedBlockingQueue<>();
  private final Map<String, Tracked> containers = new LinkedHashMap<>();
  private final PodStatus status;
  private final Runnable ended;
  private final Thread thread;
  private PodSpec spec;
  private Optional<Sandbox> sandbox = Optional.empty();
  private Optional<Instant> deadline = Optional.empty();
  private boolean removed;
  private boolean running = true;
  private boolean recovered;
  private int troubles;

  /// Starts the worker.
  ///
  /// @param ended called once, when nothing of the pod is left on this host
  PodWorker(PodHost host, PodSpec spec, Runnable ended) {
    this.host = host;
    this.spec = spec;
    this.ended = ended;
    this.status = new PodStatus(spec.object(), host.address(), host.clock());
    this.thread = Thread.ofVirtual().name("pod-" + spec.key()).start(this::run);
  }

  void wish(PodSpec wanted) {
    mailbox.add(new Message.Wish(wanted));
  }

  /// The object is gone from the API without our doing: end at once what runs.
  void removed() {
    mailbox.add(new Message.Removed());
  }

  void stop() {
    mailbox.add(new Message.Stop());
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try {
      spec.containers().forEach(c -> containers.put(c.name(), tracked(c)));
      while (running) {
        round();
        Message message =
            running ? mailbox.poll(patience().toMillis(), TimeUnit.MILLISECONDS) : null;
        while (message != null) {
          Message next = message;
          guarded(() -> handle(next));
          message = mailbox.poll();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      containers.values().forEach(Tracked::stopProbes);
    }
  }

  /// What fails is tried again after a pause. A pod that goes does not wait for a recovery that
  /// fails: its end kills by cgroup what was not found again.
  private void round() {
    boolean well = recovered || guarded(this::recover);
    if (well || ending()) {
      well &= guarded(this::step);
    }
    well &= guarded(this::publish);
    troubles = well ? 0 : troubles + 1;
  }

  /// False when it failed, of which log and events tell: nothing may end this worker but its pod.
  private boolean guarded(Runnable work) {
    try {
      work.run();
      return true;
    } catch (RuntimeException e) {
      log.atError().addKeyValue("pod", spec.key()).setCause(e).log("pod worker failed");
      host.events().warning(spec.object(), "FailedSync", String.valueOf(e.getMessage()));
      return false;
    }
  }

  private Instant now() {
    return host.clock().instant();
  }

  private Duration patience() {
    Instant next = now().plus(IDLE);
    for (Tracked t : containers.values()) {
      if (t.state instanceof ContainerState.Waiting w && w.until().isBefore(next)) {
        next = w.until();
      }
    }
    if (deadline.isPresent() && deadline.get().isBefore(next)) {
      next = deadline.get();
    }
    Duration wait = Duration.between(now(), next);
    if (troubles > 0) {
      return TROUBLE.multipliedBy(1L << Math.min(troubles - 1, 6));
    }
    return wait.isNegative() ? Duration.ZERO : wait.plusMillis(1);
  }

  // ---- after a crash of the agent

  private Tracked tracked(ContainerWish c) {
    Tracked t = new Tracked(c.name(), now());
    t.resume(status.restarts(c.name()), status.lastExit(c.name()));
    return t;
  }

  private void recover() {
    sandbox = host.network().find(spec.uid());
    guard();
    containers.values().forEach(this::adopt);
    recovered = true;
  }

  private void adopt(Tracked t) {
    for (Path dir : Attempts.newestFirst(host.podDir(spec.uid()).resolve(t.name))) {
      int attempt = Attempts.number(dir);
      if (t.state instanceof ContainerState.Running && t.restarts == attempt) {
        continue; // found before a failed recovery was begun again
      }
      Optional<Container> found =
          t.restarts <= attempt ? host.containers().adopt(dir) : Optional.empty();
      if (found.isPresent() && !(t.state instanceof ContainerState.Running)) {
        t.restarts = attempt;
        resume(t, found.get());
      } else {
        kill(cgroup(t, attempt), dir);
      }
    }
  }

  /// A start that was cut short may have left a process that no file names.
  private void kill(String cgroup, Path dir) {
    host.containers().machine().cgroups().existing(cgroup).kill();
    host.containers().delete(cgroup, dir);
  }

  private void resume(Tracked t, Container c) {
    boolean ready = status.wasReady(t.name, containerId(c));
    t.imageId = status.imageId(t.name);
    t.startedAt = c.startedAt();
    boolean waits = wish(t).flatMap(ContainerWish::startup).isPresent();
    begin(t, c, Optional.empty(), ready || !waits, ready);
    log.atInfo()
        .addKeyValue("pod", spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("running", host.containers().running(c))
        .log("container adopted");
  }

  private Optional<ContainerWish> wish(Tracked t) {
    return spec.containers().stream().filter(c -> c.name().equals(t.name)).findFirst();
  }

  private String cgroup(Tracked t, int attempt) {
    return host.node() + "/" + spec.uid() + "/" + t.name + "-" + attempt;
  }

  private static String containerId(Container c) {
    return "berth://" + c.id();
  }

  // ---- messages

  private void handle(Message message) {
    switch (message) {
      case Message.Wish w -> {
        spec = w.spec();
        status.compare(spec.object());
      }
      case Message.Removed _ -> removed = true;
      case Message.PullProgress p ->
          tracked(p.container())
              .filter(t -> t.state instanceof ContainerState.Pulling)
              .ifPresent(t -> t.state = new ContainerState.Pulling(p.text()));
      case Message.Pulled p ->
          tracked(p.container())
              .filter(t -> t.state instanceof ContainerState.Pulling)
              .ifPresent(t -> start(t, p.image()));
      case Message.PullFailed p ->
          tracked(p.container())
              .filter(t -> t.state instanceof ContainerState.Pulling)
              .ifPresent(
                  t ->
                      pullFailed(
                          t,
                          t.pulls.failures() == 0 ? "ErrImagePull" : "ImagePullBackOff",
                          p.message()));
      case Message.Exited e -> current(e.container(), e.id()).ifPresent(t -> exited(t, e.exit()));
      case Message.Verdict v -> current(v.container(), v.id()).ifPresent(t -> judge(t, v));
      case Message.Stop _ -> running = false;
    }
  }

  private Optional<Tracked> tracked(String container) {
    return Optional.ofNullable(containers.get(container));
  }

  private Optional<Tracked> current(String container, String id) {
    return tracked(container)
        .filter(t -> t.state instanceof ContainerState.Running r && r.container().id().equals(id));
  }

  private boolean ending() {
    return removed || spec.deleting();
  }

  private void step() {
    if (!running) {
      return;
    }
    if (ending()) {
      end();
      return;
    }
    for (Tracked t : containers.values()) {
      if (t.state instanceof ContainerState.Waiting w && !w.until().isAfter(now())) {
        wish(t).ifPresent(c -> fetch(t, c));
      }
    }
  }

  // ---- towards running

  private void fetch(Tracked t, ContainerWish c) {
    if (ImageRef.tryParse(c.image()).isEmpty()) {
      t.state =
          new ContainerState.Waiting(
              "InvalidImageName", "not an image name: " + c.image(), now().plus(IDLE));
      return;
    }
    String namespace = spec.key().namespace();
    Optional<Image> local =
        c.pullPolicy().equals("Always")
            ? Optional.empty()
            : host.images().local(namespace, c.image());
    if (local.isPresent()) {
      start(t, local.get());
      return;
    }
    if (c.pullPolicy().equals("Never")) {
      String message = "image " + c.image() + " is not on this host, and imagePullPolicy is Never";
      pullFailed(t, "ErrImageNeverPull", message);
      return;
    }
    t.state = new ContainerState.Pulling("");
    host.events().normal(spec.object(), "Pulling", "Pulling image " + c.image());
    Thread.ofVirtual()
        .name("pull-" + spec.key() + "-" + t.name)
        .start(() -> mailbox.add(pull(t.name, namespace, c.image())));
  }

  private Message pull(String container, String namespace, String image) {
    long[] last = {0};
    try {
      return new Message.Pulled(
          container,
          host.images()
              .pull(
                  namespace,
                  image,
                  (done, total) -> {
                    long at = host.clock().millis();
                    synchronized (last) {
                      if (at - last[0] >= PROGRESS_PERIOD_MILLIS) {
                        last[0] = at;
                        mailbox.add(
                            new Message.PullProgress(container, PodStatus.progress(done, total)));
                      }
                    }
                  }));
    } catch (ImageException e) {
      Optional<Image> old = host.images().local(namespace, image);
      return old.isPresent()
          ? new Message.Pulled(container, old.get())
          : new Message.PullFailed(container, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Message.PullFailed(container, "image " + image + ": " + e.getMessage());
    }
  }

  private void pullFailed(Tracked t, String reason, String message) {
    t.pulls = t.pulls.after(Duration.ZERO);
    Duration pause = t.pulls.pause().isZero() ? Duration.ofSeconds(2) : t.pulls.pause();
    t.state = new ContainerState.Waiting(reason, message, now().plus(pause));
    host.events().warning(spec.object(), "Failed", message);
  }

  private void start(Tracked t, Image image) {
    ContainerWish c = wish(t).orElseThrow();
    t.pulls = Backoff.NONE;
    t.imageId = image.digest().toString();
    t.stopSignal = Signals.number(image.config().stopSignal());
    try {
      Sandbox box = attach();
      ContainerSpec compiled =
          new SpecBuilder(host, spec, box).build(c, image, t.restarts, cgroup(t, t.restarts));
      FileTree.delete(compiled.dir());
      Container container = host.starter().submit(() -> host.containers().start(compiled)).get();
      t.startedAt = container.startedAt();
      begin(
          t,
          container,
          Optional.of(compiled),
          c.startup().isEmpty(),
          c.readiness().isEmpty() && c.startup().isEmpty());
      Attempts.prune(host.podDir(spec.uid()).resolve(t.name), t.restarts);
      host.events().normal(spec.object(), "Started", "Started container " + t.name);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      running = false;
    } catch (java.util.concurrent.ExecutionException | RuntimeException e) {
      Throwable cause =
          e instanceof java.util.concurrent.ExecutionException && e.getCause() != null
              ? e.getCause()
              : e;
      startFailed(t, String.valueOf(cause.getMessage()));
    }
  }

  private void startFailed(Tracked t, String message) {
    t.backoff = t.backoff.after(Duration.ZERO);
    Duration pause = t.backoff.pause().isZero() ? Duration.ofSeconds(5) : t.backoff.pause();
    t.state =
        new ContainerState.Waiting(
            message.contains(": op ") || message.contains("(exec")
                ? "RunContainerError"
                : "CreateContainerError",
            message,
            now().plus(pause));
    host.events().warning(spec.object(), "Failed", message);
    log.atWarn()
        .addKeyValue("pod", spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("error", message)
        .log("container did not start");
  }

  private Sandbox attach() {
    if (sandbox.isEmpty()) {
      Sandbox box = host.network().attach(spec.uid());
      PodFiles.write(
          box, spec.hostname(), spec.key().namespace(), host.network().bridge().address());
      sandbox = Optional.of(box);
      guard();
    }
    return sandbox.get();
  }

  /// Before anything of a model runs, nobody but the gateway can reach it.
  private void guard() {
    if ("model".equals(Json.labels(spec.object()).get("berth.dev/component"))) {
      sandbox.map(Sandbox::address).ifPresent(host.network()::guard);
    }
  }

  private void begin(
      Tracked t, Container c, Optional<ContainerSpec> compiled, boolean started, boolean ready) {
    t.state = new ContainerState.Running(c, compiled, started, ready, "", "");
    host.logs()
        .watch(
            c,
            PodHost.logFile(
                host.dataDir(),
                spec.key().namespace(),
                spec.key().name(),
                spec.uid(),
                t.name,
                t.restarts));
    var _ =
        host.containers()
            .exit(c)
            .thenAccept(exit -> mailbox.add(new Message.Exited(t.name, c.id(), exit)));
    ProbeTarget target =
        new ProbeTarget(
            sandbox.map(Sandbox::address).orElse("127.0.0.1"),
            c.pid(),
            spec.portSetting(),
            exec(t, c, compiled));
    wish(t)
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
            () -> new SpecBuilder(host, spec, sandbox.orElseThrow()).forExec(t.name, c));
    return (command, timeout) -> {
      var result = host.containers().exec(c, identity, command, timeout);
      return new ProbeTarget.Result(result.code(), result.output());
    };
  }

  private void probe(
      Tracked t, Container c, ProbeTarget target, Question question, Optional<Probe> probe) {
    probe.ifPresent(
        p ->
            t.probes.add(
                new ProbeLoop(
                    spec.key() + "-" + t.name,
                    question != Question.LIVENESS,
                    p,
                    target,
                    host.prober(),
                    System::nanoTime,
                    (outcome, settled) ->
                        mailbox.add(
                            new Message.Verdict(t.name, c.id(), question, outcome, settled)))));
  }

  // ---- while running

  private void judge(Tracked t, Message.Verdict v) {
    ContainerState.Running r = (ContainerState.Running) t.state;
    Outcome o = v.outcome();
    status.protocol(o);
    if (!v.settled()) {
      explain(t, r, o);
      return;
    }
    switch (v.question()) {
      case READINESS -> {
        t.state = r.judged(o.ok(), o.message(), o.reason());
        if (!o.ok()) {
          host.events()
              .warning(spec.object(), "Unhealthy", "Readiness probe failed: " + o.message());
        }
      }
      case STARTUP -> {
        if (o.ok() && !r.started()) {
          t.stopProbes();
          boolean ready = wish(t).flatMap(ContainerWish::readiness).isEmpty();
          begin(t, r.container(), r.spec(), true, ready);
        } else if (!o.ok()) {
          unhealthy(t, r, "Startup probe failed: " + o.message());
        }
      }
      case LIVENESS -> {
        if (!o.ok()) {
          unhealthy(t, r, "Liveness probe failed: " + o.message());
        }
      }
    }
  }

  /// A port that nobody listens on, or another protocol, is worth telling at once.
  private void explain(Tracked t, ContainerState.Running r, Outcome o) {
    if (!r.ready() && !r.why().equals(o.message())) {
      t.state = r.judged(false, o.message(), o.reason());
      host.events().warning(spec.object(), "Unhealthy", o.message());
    }
  }

  private void unhealthy(Tracked t, ContainerState.Running r, String message) {
    host.events().warning(spec.object(), "Unhealthy", message);
    t.stopProbes();
    host.containers().terminate(r.container());
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                host.containers()
                    .exit(r.container())
                    .get(spec.grace().toMillis(), TimeUnit.MILLISECONDS);
              } catch (java.util.concurrent.TimeoutException e) {
                host.containers().kill(r.container());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (java.util.concurrent.ExecutionException e) {
                log.atDebug().setCause(e).log("exit of an unhealthy container");
              }
            });
  }

  private void exited(Tracked t, ExitStatus exit) {
    ContainerState.Running r = (ContainerState.Running) t.state;
    t.stopProbes();
    host.logs().forget(r.container());
    String reason =
        exit.outOfMemory() && exit.signal() == Linux.SIGKILL
            ? "OOMKilled"
            : exit.success() ? "Completed" : "Error";
    Path file =
        PodHost.logFile(
            host.dataDir(),
            spec.key().namespace(),
            spec.key().name(),
            spec.uid(),
            t.name,
            t.restarts);
    String message =
        exit.success()
            ? ""
            : LogReader.lastLines(file, TERMINATION_MESSAGE_LINES, TERMINATION_MESSAGE_BYTES);
    ContainerState.Exited over =
        new ContainerState.Exited(exit, containerId(r.container()), t.startedAt, reason, message);
    boolean again =
        !ending()
            && (spec.restartPolicy() == RestartPolicy.ALWAYS
                || (spec.restartPolicy() == RestartPolicy.ON_FAILURE && !exit.success()));
    log.atInfo()
        .addKeyValue("pod", spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("code", exit.code())
        .addKeyValue("reason", reason)
        .log("container ended");
    if (!again) {
      t.state = over;
      host.containers().machine().cgroups().existing(r.container().cgroup()).remove();
      return;
    }
    host.containers().delete(r.container());
    t.last = Optional.of(over);
    t.restarts++;
    t.backoff = t.backoff.after(Duration.between(t.startedAt, exit.at()));
    Duration pause = t.backoff.pause();
    t.state =
        new ContainerState.Waiting(
            pause.isZero() ? "ContainerCreating" : "CrashLoopBackOff",
            pause.isZero()
                ? ""
                : "back-off " + pause.toSeconds() + "s restarting failed container " + t.name,
            now().plus(pause));
    if (!pause.isZero()) {
      host.events()
          .warning(spec.object(), "BackOff", "Back-off restarting failed container " + t.name);
    }
  }

  // ---- towards the end

  private void end() {
    List<ContainerState.Running> alive = new ArrayList<>();
    containers
        .values()
        .forEach(
            t -> {
              t.stopProbes();
              if (t.state instanceof ContainerState.Running r) {
                alive.add(r);
                t.state = r.judged(false, "the pod is being stopped", "");
              }
            });
    if (alive.isEmpty()) {
      release();
    } else if (deadline.isEmpty()) {
      deadline = Optional.of(now().plus(spec.grace()));
      containers
          .values()
          .forEach(
              t -> {
                if (t.state instanceof ContainerState.Running r) {
                  host.events().normal(spec.object(), "Killing", "Stopping container " + t.name);
                  host.containers().signal(r.container(), t.stopSignal);
                }
              });
    }
    if (deadline.isPresent() && !deadline.get().isAfter(now())) {
      alive.forEach(r -> host.containers().kill(r.container()));
      deadline = Optional.of(now().plusSeconds(1));
    }
  }

  private void release() {
    publish();
    host.network().detach(spec.uid());
    for (Tracked t : containers.values()) {
      Attempts.newestFirst(host.podDir(spec.uid()).resolve(t.name))
          .forEach(dir -> kill(cgroup(t, Attempts.number(dir)), dir));
    }
    FileTree.delete(host.podDir(spec.uid()));
    FileTree.delete(
        PodHost.logDir(host.dataDir(), spec.key().namespace(), spec.key().name(), spec.uid()));
    if (!removed) {
      host.status().gone(spec.key(), spec.uid());
    }
    running = false;
    ended.run();
  }

  private void publish() {
    if (removed) {
      return;
    }
    Optional<ObjectNode> changed =
        status.update(spec, containers.values(), sandbox.map(Sandbox::address).orElse(""));
    changed.ifPresent(s -> host.status().status(spec.key(), spec.uid(), s));
  }
}
