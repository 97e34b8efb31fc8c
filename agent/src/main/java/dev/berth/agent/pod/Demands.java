package dev.berth.agent.pod;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.container.Container;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.agent.diagnosis.ExitCause;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.volume.Volumes;
import dev.berth.api.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/// What a running container takes, looked at every few seconds: what the kernel refuses it, and
/// what it writes to the disk.
final class Demands {
  private final PodContext pod;

  /// Counting the files of volumes may take at most a tenth of the time.
  private Instant weighAgain = Instant.EPOCH;

  Demands(PodContext pod) {
    this.pod = pod;
  }

  /// Looks what the kernel has refused it since the last look.
  void strain(Tracked t) {
    if (!(t.state instanceof ContainerState.Running r)) {
      return;
    }
    Limited limits = pod.host.containers().limited(r.container());
    t.strain = t.strain.next(limits, pod.now());
    Optional<Diagnosis> seen = t.strain.diagnosis(limits, pod.now());
    if (seen.isPresent() && t.strained.isEmpty()) {
      pod.warning(seen.get().reason().text(), seen.get().message());
    }
    t.strained = seen;
  }

  /// Ends a container that has written more than it may; its files go with it, and it starts anew
  /// without them.
  void weigh(Tracked t) {
    OptionalLong limit = pod.wish(t).map(ContainerWish::diskBytes).orElse(OptionalLong.empty());
    if (limit.isEmpty()
        || t.stopped.isPresent()
        || !(t.state instanceof ContainerState.Running r)) {
      return;
    }
    Instant began = pod.now();
    if (began.isBefore(t.weighAgain)) {
      return;
    }
    long used = use(t, r.container());
    t.written = used;
    t.weighAgain = pod.now().plus(Duration.between(began, pod.now()).multipliedBy(9));
    if (used <= limit.getAsLong()) {
      return;
    }
    String message =
        "container "
            + t.name
            + " wrote "
            + (used == DiskUse.UNCOUNTED ? "too many files to count" : ExitCause.bytes(used))
            + ", and its limit of ephemeral-storage is "
            + ExitCause.bytes(limit.getAsLong());
    pod.warning("Evicted", message);
    t.stopped = Optional.of(new Diagnosis(Reason.DISK_FULL, message));
    t.diagnosis = t.stopped;
    t.state = r.judged(false, message, Reason.DISK_FULL.text());
    t.stopProbes();
    t.began("stop: " + message, pod.now());
    pod.host.containers().kill(r.container());
  }

  /// Whether anything has a limit of what it may write.
  static boolean weighs(PodContext pod) {
    return pod.spec.containers().stream().anyMatch(c -> c.diskBytes().isPresent())
        || !pod.volumes.limited(pod.spec.object()).isEmpty();
  }

  /// Ends the pod when it has written more than it may: what lies in a volume goes with the pod
  /// alone (kubernetes.io: "Local ephemeral storage"). At once, since whoever fills a disk may go
  /// on with that for as long as he has.
  void weigh() {
    Instant began = pod.now();
    if (pod.failure.isPresent()
        || began.isBefore(weighAgain)
        || Turns.over(pod.containers.values())) {
      return;
    }
    Optional<String> excess = excess();
    weighAgain = pod.now().plus(Duration.between(began, pod.now()).multipliedBy(9));
    excess.ifPresent(this::evict);
  }

  private void evict(String message) {
    pod.failure = Optional.of(PodFailure.evicted(message));
    pod.warning("Evicted", message);
    for (Tracked t : pod.containers.values()) {
      if (t.state instanceof ContainerState.Running r) {
        t.finishing = true;
        t.stopProbes();
        t.began("stop: " + message, pod.now());
        pod.host.containers().kill(r.container());
      }
    }
  }

  /// What of the pod is larger than it may be: one of its volumes, or all that it has written by
  /// what its containers may write together.
  Optional<String> excess() {
    Syscalls sys = pod.host.containers().machine().sys();
    for (Volumes.Limited volume : pod.volumes.limited(pod.spec.object())) {
      if (DiskUse.of(sys, volume.dir()) > volume.bytes()) {
        return Optional.of(
            "Usage of EmptyDir volume \"%s\" exceeds the limit of %s"
                .formatted(volume.name(), ExitCause.bytes(volume.bytes())));
      }
    }
    long limit = pod.spec.containers().stream().mapToLong(c -> c.diskBytes().orElse(0)).sum();
    if (limit == 0) {
      return Optional.empty();
    }
    long used = pod.containers.values().stream().mapToLong(t -> t.written).sum();
    for (Path volume : pod.volumes.written(pod.spec.object())) {
      long more = DiskUse.of(sys, volume);
      used = more == DiskUse.UNCOUNTED ? more : used + more;
      if (used > limit) {
        return Optional.of(
            "Pod ephemeral local storage usage exceeds the total limit of containers "
                + ExitCause.bytes(limit));
      }
    }
    return Optional.empty();
  }

  private long use(Tracked t, Container c) {
    Syscalls sys = pod.host.containers().machine().sys();
    long files = DiskUse.of(sys, c.dir().resolve("upper"));
    return files == DiskUse.UNCOUNTED
        ? files
        : files + DiskUse.of(sys, pod.message(t, t.restarts).file());
  }
}
