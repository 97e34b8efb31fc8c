package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.network.Sandbox;
import dev.berth.agent.pod.PodSpec.ContainerWish;
import dev.berth.agent.volume.DownwardApi;
import dev.berth.agent.volume.Volumes;
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
  final Volumes volumes;
  PodSpec spec;
  Optional<Sandbox> sandbox = Optional.empty();
  boolean removed;

  /// Why the pod as a whole has failed, whatever its containers do.
  Optional<PodFailure> failure;

  PodContext(PodHost host, PodSpec spec, Consumer<PodMessage> mailbox) {
    this.host = host;
    this.spec = spec;
    this.mailbox = mailbox;
    this.failure = PodFailure.told(spec.object());
    this.volumes =
        new Volumes(
            host.containers().machine().sys(),
            host.podDir(spec.uid()),
            host.references(),
            host.clock(),
            () -> mailbox.accept(new PodMessage.Refresh()));
    this.status = new PodStatus(spec.object(), host.address(), host.clock());
  }

  Instant now() {
    return host.clock().instant();
  }

  boolean ending() {
    return removed || spec.deleting();
  }

  /// What the pod may know about itself now.
  DownwardApi self() {
    return new DownwardApi(
        spec.object(),
        sandbox.map(Sandbox::address).orElse(""),
        host.address(),
        host.references()::allocatable);
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

  String id(Tracked t, int attempt) {
    return PodHost.id(spec.uid(), t.name, attempt);
  }

  Path stateDir(Tracked t, int attempt) {
    return stateDir(t).resolve(Integer.toString(attempt));
  }

  Path stateDir(Tracked t) {
    return host.podDir(spec.uid()).resolve(t.name);
  }

  Path logFile(Tracked t) {
    return logFile(t, t.restarts);
  }

  Path logFile(Tracked t, int attempt) {
    return PodHost.logFile(
        host.dataDir(), spec.key().namespace(), spec.key().name(), spec.uid(), t.name, attempt);
  }

  TerminationMessage message(Tracked t, int attempt) {
    return TerminationMessage.of(host, spec.uid(), t.name, attempt);
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

  /// Ends and removes what may be there of an attempt: a start that was cut short leaves a process
  /// that no file names.
  void wipe(Tracked t, int attempt) {
    host.containers().wipe(stateDir(t, attempt), id(t, attempt), cgroup(t, attempt));
  }
}
