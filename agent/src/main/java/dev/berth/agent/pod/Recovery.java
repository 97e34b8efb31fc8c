package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// After a crash of the agent: finds the pod's sandbox and containers again.
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
    Tracked t = new Tracked(c.name(), pod.now());
    t.resume(pod.status.restarts(c.name()), pod.status.lastExit(c.name()));
    t.diagnosis = pod.status.diagnosis(c.name());
    return t;
  }

  void recover() {
    pod.sandbox = pod.host.network().find(pod.spec.uid());
    start.guard();
    pod.containers.values().forEach(this::adopt);
  }

  private void adopt(Tracked t) {
    for (Path dir : Attempts.newestFirst(pod.stateDir(t))) {
      int attempt = Attempts.number(dir);
      if (t.state instanceof ContainerState.Running && t.restarts == attempt) {
        continue; // found before a failed recovery was begun again
      }
      Optional<Container> found =
          t.restarts <= attempt ? pod.host.containers().adopt(dir) : Optional.empty();
      if (found.isPresent() && !(t.state instanceof ContainerState.Running)) {
        t.restarts = attempt;
        resume(t, found.get());
      } else {
        pod.kill(pod.cgroup(t, attempt), dir);
      }
    }
  }

  private void resume(Tracked t, Container c) {
    boolean ready = pod.status.wasReady(t.name, PodContext.containerId(c));
    t.imageId = pod.status.imageId(t.name);
    t.startedAt = c.startedAt();
    boolean waits = pod.wish(t).flatMap(ContainerWish::startup).isPresent();
    supervision.begin(t, c, Optional.empty(), ready || !waits, ready);
    log.atInfo()
        .addKeyValue("pod", pod.spec.key())
        .addKeyValue("container", t.name)
        .addKeyValue("running", pod.host.containers().running(c))
        .log("container adopted");
  }
}
