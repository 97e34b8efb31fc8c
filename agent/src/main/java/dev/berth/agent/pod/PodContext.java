package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// One pod as its worker sees it: what is wished for and what is there. Touched by the worker's
/// thread alone; other threads speak to it through `mailbox`.
final class PodContext {
  final PodHost host;
  final PodStatus status;
  final Consumer<PodMessage> mailbox;
  final Map<String, Tracked> containers = new LinkedHashMap<>();
  PodSpec spec;
  Optional<Sandbox> sandbox = Optional.empty();
  boolean removed;

  PodContext(PodHost host, PodSpec spec, Consumer<PodMessage> mailbox) {
    this.host = host;
    this.spec = spec;
    this.mailbox = mailbox;
    this.status = new PodStatus(spec.object(), host.address(), host.clock());
  }

  Instant now() {
    return host.clock().instant();
  }

  boolean ending() {
    return removed || spec.deleting();
  }

  Optional<Tracked> tracked(String container) {
    return Optional.ofNullable(containers.get(container));
  }

  Optional<ContainerWish> wish(Tracked t) {
    return spec.containers().stream().filter(c -> c.name().equals(t.name)).findFirst();
  }

  String cgroup(Tracked t, int attempt) {
    return host.node() + "/" + spec.uid() + "/" + t.name + "-" + attempt;
  }

  Path stateDir(Tracked t) {
    return host.podDir(spec.uid()).resolve(t.name);
  }

  Path logFile(Tracked t) {
    return PodHost.logFile(
        host.dataDir(), spec.key().namespace(), spec.key().name(), spec.uid(), t.name, t.restarts);
  }

  static String containerId(Container c) {
    return "berth://" + c.id();
  }

  void normal(String reason, String message) {
    host.events().normal(spec.object(), reason, message);
  }

  void warning(String reason, String message) {
    host.events().warning(spec.object(), reason, message);
  }

  /// A start that was cut short may have left a process that no file names.
  void kill(String cgroup, Path dir) {
    host.containers().machine().cgroups().existing(cgroup).kill();
    host.containers().delete(cgroup, dir);
  }
}
