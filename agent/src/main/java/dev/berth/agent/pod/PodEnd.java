package dev.berth.agent.pod;

import dev.berth.agent.image.FileTree;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A pod that goes: the stop signal to all, after the grace SIGKILL, then network and files, then
/// the object is released.
final class PodEnd {
  private final PodContext pod;
  private Optional<Instant> deadline = Optional.empty();

  PodEnd(PodContext pod) {
    this.pod = pod;
  }

  Optional<Instant> deadline() {
    return deadline;
  }

  /// True when nothing runs any more.
  boolean advance() {
    List<ContainerState.Running> alive = new ArrayList<>();
    for (Tracked t : pod.containers.values()) {
      t.stopProbes();
      if (t.state instanceof ContainerState.Running r) {
        alive.add(r);
        t.state = r.judged(false, "the pod is being stopped", "");
      }
    }
    if (!alive.isEmpty() && deadline.isEmpty()) {
      deadline = Optional.of(pod.now().plus(pod.spec.grace()));
      pod.containers.values().forEach(this::signal);
    }
    if (deadline.isPresent() && !deadline.get().isAfter(pod.now())) {
      alive.forEach(r -> pod.host.containers().kill(r.container()));
      deadline = Optional.of(pod.now().plusSeconds(1));
    }
    return alive.isEmpty();
  }

  private void signal(Tracked t) {
    if (t.state instanceof ContainerState.Running r) {
      pod.normal("Killing", "Stopping container " + t.name);
      pod.host.containers().signal(r.container(), t.stopSignal);
    }
  }

  /// Leaves nothing of the pod on this host.
  void release() {
    pod.host.network().detach(pod.spec.uid());
    for (Tracked t : pod.containers.values()) {
      Attempts.newestFirst(pod.stateDir(t))
          .forEach(dir -> pod.kill(pod.cgroup(t, Attempts.number(dir)), dir));
    }
    FileTree.delete(pod.host.podDir(pod.spec.uid()));
    FileTree.delete(
        PodHost.logDir(
            pod.host.dataDir(), pod.spec.key().namespace(), pod.spec.key().name(), pod.spec.uid()));
    if (!pod.removed) {
      pod.host.status().gone(pod.spec.key(), pod.spec.uid());
    }
  }
}
