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
import dev.berth.agent.network.PodFiles;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.api.Json;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Second part of a start: sandbox, compilation, launch; and what it means when that fails.
final class ContainerStart {
  private static final Logger log = LoggerFactory.getLogger(ContainerStart.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
  private final PodContext pod;
  private final Supervision supervision;

  ContainerStart(PodContext pod, Supervision supervision) {
    this.pod = pod;
    this.supervision = supervision;
  }

  /// A start that is interrupted throws: the worker is ending.
  void start(Tracked t, Image image) throws InterruptedException {
    ContainerWish c = pod.wish(t).orElseThrow();
    t.begins("start", pod.now());
    t.pulls = Backoff.NONE;
    t.imageId = image.digest().toString();
    t.stopSignal = Signals.number(image.config().stopSignal());
    Optional<ContainerSpec> compiled = Optional.empty();
    try {
      Sandbox box = attach();
      ContainerSpec spec =
          new SpecBuilder(pod.host, pod.spec, box)
              .build(c, image, t.restarts, pod.cgroup(t, t.restarts));
      compiled = Optional.of(spec);
      FileTree.delete(spec.dir());
      Container container =
          pod.host.starter().submit(() -> pod.host.containers().start(spec)).get();
      t.startedAt = container.startedAt();
      boolean free = c.startup().isEmpty();
      supervision.begin(t, container, compiled, free, free && c.readiness().isEmpty());
      Attempts.prune(pod.stateDir(t), t.restarts);
      pod.normal("Started", "Started container " + t.name);
    } catch (ExecutionException e) {
      failed(t, Optional.ofNullable(e.getCause()).orElse(e), compiled);
    } catch (RuntimeException e) {
      failed(t, e, compiled);
    }
  }

  private void failed(Tracked t, Throwable cause, Optional<ContainerSpec> spec) {
    Optional<Diagnosis> diagnosis = explain(cause, spec);
    String raw = String.valueOf(cause.getMessage());
    String message = diagnosis.map(Diagnosis::message).orElse(raw);
    t.failed(raw);
    t.diagnosis = diagnosis;
    t.backoff = t.backoff.after(Duration.ZERO);
    Duration pause = t.backoff.pause().isZero() ? FIRST_RETRY : t.backoff.pause();
    t.state = new ContainerState.Waiting(reason(cause, raw), message, pod.now().plus(pause));
    pod.warning("Failed", message);
    log.atWarn()
        .addKeyValue("pod", pod.spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("error", raw)
        .log("container did not start");
  }

  private Optional<Diagnosis> explain(Throwable cause, Optional<ContainerSpec> spec) {
    return switch (cause) {
      case ReferenceException r -> Optional.of(r.diagnosis());
      case ContainerException c when c.execErrno().isPresent() && spec.isPresent() ->
          exec(spec.get(), c.execErrno().getAsInt());
      default -> Optional.empty();
    };
  }

  private Optional<Diagnosis> exec(ContainerSpec spec, int errno) {
    try {
      ImageRoot root = new ImageRoot(pod.host.containers().machine().sys(), spec.layers());
      return ExecFailure.diagnose(new Executable(root).attempt(spec), errno);
    } catch (ErrnoException e) {
      log.atDebug().setCause(e).log("cannot look into the image");
      return Optional.empty();
    }
  }

  private static String reason(Throwable cause, String raw) {
    if (cause instanceof ReferenceException) {
      return "CreateContainerConfigError";
    }
    return raw.contains(": op ") || raw.contains("(exec")
        ? "RunContainerError"
        : "CreateContainerError";
  }

  private Sandbox attach() {
    if (pod.sandbox.isEmpty()) {
      Sandbox box = pod.host.network().attach(pod.spec.uid());
      PodFiles.write(
          box,
          pod.spec.hostname(),
          pod.spec.key().namespace(),
          pod.host.network().bridge().address());
      pod.sandbox = Optional.of(box);
      guard();
    }
    return pod.sandbox.get();
  }

  /// Before anything of a model runs, nobody but the gateway can reach it.
  void guard() {
    if ("model".equals(Json.labels(pod.spec.object()).get("berth.dev/component"))) {
      pod.sandbox.map(Sandbox::address).ifPresent(pod.host.network()::guard);
    }
  }
}
