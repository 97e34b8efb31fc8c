package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.probe.Outcome;
import dev.berth.agent.probe.Probe;
import dev.berth.agent.probe.ProbeTarget;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a container wants to be told about its life (kubernetes.io: "Container Lifecycle Hooks"):
/// `postStart` beside its first steps, `preStop` before its stop signal. A hook is asked like a
/// probe, once, on a thread of its own.
final class Hooks {
  /// Kubernetes gives a postStart hook no limit; one that hangs is told after this.
  private static final Duration POST_START = Duration.ofMinutes(10);

  private final PodContext pod;

  Hooks(PodContext pod) {
    this.pod = pod;
  }

  private Optional<JsonNode> hook(Tracked t, String name) {
    return pod.wish(t)
        .map(w -> w.tree().path("lifecycle").path(name))
        .filter(h -> !h.isMissingNode() && !h.isNull());
  }

  boolean hasPostStart(Tracked t) {
    return hook(t, "postStart").isPresent();
  }

  /// Tells the worker how it went.
  void postStart(Tracked t, Container c, Optional<ContainerSpec> compiled) {
    JsonNode hook = hook(t, "postStart").orElseThrow();
    ContainerWish wish = pod.wish(t).orElseThrow();
    ProbeTarget target = target(t, c, compiled);
    var _ =
        Thread.ofVirtual()
            .name("post-start-" + c.id())
            .start(
                () ->
                    pod.mailbox.accept(
                        new PodMessage.PostStarted(
                            t.name, c.id(), run(hook, wish, target, POST_START))));
  }

  /// The stop signal, after the hook, which has as long as the pod's grace. A run is asked once: a
  /// pod may go while a container of it is being stopped.
  void stop(Tracked t, ContainerState.Running r) {
    if (t.stopping.equals(r.container().id())) {
      return;
    }
    t.stopping = r.container().id();
    Optional<JsonNode> hook = hook(t, "preStop");
    Duration grace = pod.removed ? Duration.ZERO : pod.spec.grace();
    int signal = t.stopSignal;
    if (hook.isEmpty() || grace.isZero()) {
      pod.host.containers().signal(r.container(), signal);
      return;
    }
    ContainerWish wish = pod.wish(t).orElseThrow();
    ProbeTarget target = target(t, r.container(), r.spec());
    var _ =
        Thread.ofVirtual()
            .name("pre-stop-" + r.container().id())
            .start(
                () -> {
                  try {
                    beforeStop(hook.get(), wish, target, grace);
                  } finally {
                    pod.host.containers().signal(r.container(), signal);
                  }
                });
  }

  private void beforeStop(JsonNode hook, ContainerWish wish, ProbeTarget target, Duration grace) {
    Outcome outcome = run(hook, wish, target, grace);
    if (!outcome.ok()) {
      pod.warning("FailedPreStopHook", "PreStop hook failed: " + outcome.message());
    }
  }

  /// A hook that cannot be put, such as a command that is not in the image, has failed.
  private Outcome run(JsonNode hook, ContainerWish wish, ProbeTarget target, Duration limit) {
    if (hook.has("sleep")) {
      return sleep(Duration.ofSeconds(hook.path("sleep").path("seconds").asLong(0)), limit);
    }
    try {
      return Probe.read(hook, wish.tree())
          .map(probe -> pod.host.prober().ask(probe.timingOut(limit), target))
          .orElse(Outcome.good());
    } catch (RuntimeException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return Outcome.bad(String.valueOf(cause.getMessage()));
    }
  }

  private static Outcome sleep(Duration wanted, Duration limit) {
    try {
      Thread.sleep(wanted.compareTo(limit) < 0 ? wanted : limit); // what the hook asks for
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return Outcome.good();
  }

  /// The pod itself, whatever host a hook names: this asks from the host's side, where no rule for
  /// pods holds.
  private ProbeTarget target(Tracked t, Container c, Optional<ContainerSpec> compiled) {
    String address = pod.sandbox.map(Sandbox::address).orElse("");
    return new ProbeTarget(address, c.pid(), exec(t, c, compiled), () -> false);
  }

  /// Commands in the container, as the container itself; one that was adopted is known by what was
  /// remembered.
  ProbeTarget.Exec exec(Tracked t, Container c, Optional<ContainerSpec> compiled) {
    ContainerSpec identity =
        compiled.orElseGet(() -> SpecBuilder.forExec(pod.host, pod.spec, t.name, c));
    return (command, timeout) -> {
      var result = pod.host.containers().exec(c, identity, command, timeout);
      return new ProbeTarget.Result(result.code(), result.output());
    };
  }
}
