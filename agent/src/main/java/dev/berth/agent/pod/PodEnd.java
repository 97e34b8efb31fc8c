package dev.berth.agent.pod;

import dev.berth.agent.image.FileTree;
import dev.berth.agent.pod.PodSpec.Role;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A pod that goes: the stop signal to all, after the grace SIGKILL, then network and files, then
/// the object is released.
final class PodEnd {
  private final PodContext pod;
  private final Hooks hooks;
  private final Set<String> signalled = new HashSet<>();
  private Optional<Instant> since = Optional.empty();
  private Optional<Instant> deadline = Optional.empty();

  PodEnd(PodContext pod) {
    this.pod = pod;
    this.hooks = new Hooks(pod);
  }

  Optional<Instant> deadline() {
    return deadline;
  }

  /// True when nothing runs any more. The grace is what the object says now: somebody may have
  /// shortened it.
  boolean advance() {
    List<ContainerState.Running> alive = new ArrayList<>();
    for (Tracked t : pod.containers.values()) {
      t.stopProbes();
      if (t.state instanceof ContainerState.Running r) {
        alive.add(r);
        t.state = r.judged(false, "the pod is being stopped", "");
      }
    }
    if (alive.isEmpty()) {
      deadline = Optional.empty();
      return true;
    }
    if (since.isEmpty()) {
      since = Optional.of(pod.now());
    }
    boolean served = pod.containers.values().stream().anyMatch(PodEnd::isServed);
    pod.containers.values().stream()
        .filter(t -> t.role != Role.SIDECAR || !served)
        .filter(t -> signalled.add(t.name))
        .forEach(this::signal);
    Instant due = since.get().plus(pod.removed ? Duration.ZERO : pod.spec.grace());
    if (!due.isAfter(pod.now())) {
      alive.forEach(r -> pod.host.containers().kill(r.container()));
      due = pod.now().plusSeconds(1);
    }
    deadline = Optional.of(due);
    return false;
  }

  /// Sidecars end after the others, within the same grace.
  private static boolean isServed(Tracked t) {
    return t.role != Role.SIDECAR && t.state instanceof ContainerState.Running;
  }

  private void signal(Tracked t) {
    if (t.state instanceof ContainerState.Running r) {
      pod.normal("Killing", "Stopping container " + t.name);
      hooks.stop(t, r);
    }
  }

  /// Leaves nothing of the pod on this host.
  void release() {
    pod.host.network().detach(pod.spec.uid());
    for (Tracked t : pod.containers.values()) {
      Traces.of(pod, t).remains().forEach(attempt -> pod.wipe(t, attempt));
    }
    pod.volumes.remove();
    FileTree.delete(pod.host.podDir(pod.spec.uid()));
    FileTree.delete(
        PodHost.logDir(
            pod.host.dataDir(), pod.spec.key().namespace(), pod.spec.key().name(), pod.spec.uid()));
    if (!pod.removed) {
      pod.host.status().gone(pod.spec.key(), pod.spec.uid());
    }
  }
}
