package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerException;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.diagnosis.ExecFailure;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.image.Image;
import dev.berth.agent.image.ImageRoot;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.logs.LogRotation;
import dev.berth.agent.network.PodFiles;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.volume.MissingReferenceException;
import dev.berth.api.Json;
import dev.berth.api.Layer;
import dev.berth.api.Reason;
import dev.berth.api.Signals;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/// Second part of a start: sandbox, compilation, launch; and what it means when that fails.
final class ContainerStart {
  private static final Logger log = LoggerFactory.getLogger(ContainerStart.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);

  /// Up to 64 s; what is followed is told when it comes.
  private static final Duration MISSING_RETRY = Duration.ofMillis(500);

  private static final int MOST_DOUBLINGS = 7;
  private static final String CREATING = "ContainerCreating";
  private final PodContext pod;
  private final Supervision supervision;
  private final VolumeRefresh volumes;

  /// SIGTERM, for an image that names no other.
  private static final int TERM = 15;

  ContainerStart(PodContext pod, Supervision supervision) {
    this.pod = pod;
    this.supervision = supervision;
    this.volumes = new VolumeRefresh(pod);
  }

  /// A start that is interrupted throws: the worker is ending.
  void start(Tracked t, Image image) throws InterruptedException {
    ContainerWish c = pod.wish(t).orElseThrow();
    t.begins("start", pod.now());
    t.pulls = Backoff.NONE;
    t.diagnosis = t.diagnosis.filter(d -> d.reason().layer() != Layer.IMAGE);
    t.imageId = image.digest().toString();
    t.stopSignal = Signals.number(image.config().stopSignal()).orElse(TERM);
    Optional<ContainerSpec> compiled = Optional.empty();
    try {
      Sandbox box = attach();
      pod.volumes.ensure(pod.self());
      ContainerSpec spec =
          new SpecBuilder(pod, box).build(c, image, t.restarts, pod.cgroup(t, t.restarts));
      compiled = Optional.of(spec);
      FileTree.delete(spec.dir());
      Container container =
          pod.host.starter().submit(() -> pod.host.containers().start(spec)).get();
      t.startedAt = container.startedAt();
      t.misses = 0;
      supervision.first(t, container, compiled);
      prune(t);
      pod.normal("Started", "Started container " + t.name);
    } catch (ExecutionException e) {
      failed(t, Optional.ofNullable(e.getCause()).orElse(e), compiled);
    } catch (RuntimeException e) {
      failed(t, e, compiled);
    }
  }

  /// What older attempts left; the log of the last one stays to be read.
  private void prune(Tracked t) {
    Attempts.newestFirst(pod.stateDir(t)).stream()
        .filter(dir -> Attempts.number(dir) < t.restarts)
        .forEach(dir -> pod.host.containers().delete(pod.cgroup(t, Attempts.number(dir)), dir));
    LogRotation.drop(pod.logFile(t, t.restarts - 2));
    pod.message(t, t.restarts - 1).remove(); // it was told when that attempt ended
  }

  private void failed(Tracked t, Throwable cause, Optional<ContainerSpec> spec) {
    Optional<Diagnosis> diagnosis = explain(cause, spec);
    String raw = String.valueOf(cause.getMessage());
    String message = diagnosis.map(Diagnosis::message).orElse(raw);
    t.failed(raw);
    if (pod.logFile(t).toFile().length() > 0) {
      t.restarts++; // it ran and has written: no log holds two runs
    }
    t.diagnosis = diagnosis;
    t.state =
        new ContainerState.Waiting(reason(cause, raw), message, pod.now().plus(pause(t, cause)));
    pod.warning(cause instanceof MissingReferenceException ? "FailedMount" : "Failed", message);
    log.atWarn()
        .addKeyValue("pod", pod.spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("error", raw)
        .log("container did not start");
  }

  /// What is missing may come at any moment, and counts for no crash of the container: the first
  /// pod of a namespace may be there some milliseconds before its account.
  private static Duration pause(Tracked t, Throwable cause) {
    if (cause instanceof MissingReferenceException) {
      t.misses++;
      return MISSING_RETRY.multipliedBy(1L << Math.min(t.misses - 1, MOST_DOUBLINGS));
    }
    t.backoff = t.backoff.after(Duration.ZERO);
    return t.backoff.pause().isZero() ? FIRST_RETRY : t.backoff.pause();
  }

  private Optional<Diagnosis> explain(Throwable cause, Optional<ContainerSpec> spec) {
    return switch (cause) {
      case ReferenceException r -> Optional.of(r.diagnosis());
      case MissingReferenceException m ->
          Optional.of(new Diagnosis(m.reason(), String.valueOf(m.getMessage())));
      case ContainerException c when c.execErrno().isPresent() && spec.isPresent() ->
          exec(spec.get(), c.execErrno().getAsInt());
      default ->
          pod.host
              .images()
              .store()
              .fullAsSaidBy(cause)
              .map(full -> new Diagnosis(Reason.NO_SPACE, "no room for the container: " + full));
    };
  }

  private Optional<Diagnosis> exec(ContainerSpec spec, int errno) {
    try {
      ImageRoot root = new ImageRoot(pod.host.containers().machine().sys(), spec.layers());
      return ExecFailure.diagnose(new Executable(root).attempt(spec), errno);
    } catch (ErrnoException | InvalidPathException e) { // the image's words make no path
      log.atDebug().setCause(e).log("cannot look into the image");
      return Optional.empty();
    }
  }

  private static String reason(Throwable cause, String raw) {
    if (cause instanceof MissingReferenceException) {
      return CREATING;
    }
    if (cause instanceof ReferenceException) {
      return "CreateContainerConfigError";
    }
    return raw.contains(": op ") || raw.contains("(exec")
        ? "RunContainerError"
        : "CreateContainerError";
  }

  /// Something that volumes refer to has changed: who waits for it tries again now, and who runs
  /// sees the new files.
  void refresh() {
    for (Tracked t : pod.containers.values()) {
      if (t.state instanceof ContainerState.Waiting w
          && w.reason().equals(CREATING)
          && !w.message().isEmpty()) {
        t.state = new ContainerState.Waiting(w.reason(), w.message(), pod.now());
      }
    }
    if (pod.sandbox.isPresent() && runs()) {
      volumes.refresh();
    } else {
      volumes.skip();
    }
  }

  /// When a refresh that failed is tried again.
  Optional<Instant> refreshDue() {
    return volumes.due();
  }

  private boolean runs() {
    return pod.containers.values().stream()
        .anyMatch(t -> t.state instanceof ContainerState.Running);
  }

  private Sandbox attach() throws InterruptedException {
    if (pod.sandbox.isEmpty()) {
      pod.sandbox = Optional.of(pod.host.network().attach(pod.spec.uid()));
      files();
      guard();
    }
    configure(pod.sandbox.get());
    return pod.sandbox.get();
  }

  /// Who the pod is and whom it asks, as far as that is not so already.
  void files() {
    pod.sandbox.ifPresent(
        box ->
            PodFiles.write(
                box,
                pod.spec.hostname(),
                pod.spec.key().namespace(),
                pod.host.network().bridge().address(),
                aliases()));
  }

  /// kubernetes.io: "Adding entries to Pod /etc/hosts with HostAliases".
  private List<List<String>> aliases() {
    return pod.spec
        .object()
        .path("spec")
        .path("hostAliases")
        .valueStream()
        .map(
            a ->
                Stream.concat(
                        Stream.of(Json.text(a, "ip")),
                        a.path("hostnames").valueStream().map(JsonNode::asString))
                    .toList())
        .toList();
  }

  private void configure(Sandbox box) throws InterruptedException {
    Map<String, String> parameters = new TreeMap<>();
    pod.spec
        .object()
        .path("spec")
        .path("securityContext")
        .path("sysctls")
        .valueStream()
        .forEach(s -> parameters.put(Json.text(s, "name"), Json.text(s, "value")));
    try {
      pod.host.network().configure(box, parameters);
    } catch (IOException e) {
      throw new ContainerException(String.valueOf(e.getMessage()), e);
    }
  }

  /// Before anything of a model runs, nobody but the gateway can reach it.
  void guard() {
    if ("model".equals(Json.labels(pod.spec.object()).get("berth.dev/component"))) {
      pod.sandbox.map(Sandbox::address).ifPresent(pod.host.network()::guard);
    }
  }
}
