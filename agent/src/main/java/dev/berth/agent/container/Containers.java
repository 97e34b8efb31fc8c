package dev.berth.agent.container;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.cgroup.Usage;
import dev.berth.agent.linux.Linux;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// The verbs under one roof, for the rooms above. Thread-safe: verbs on different containers run
/// side by side.
public final class Containers implements AutoCloseable {
  private final Machine machine;
  private final ExitWatch watch;

  public Containers(Machine machine) {
    this.machine = machine;
    this.watch = new ExitWatch(machine.sys());
  }

  public Machine machine() {
    return machine;
  }

  /// Creates and starts; what a failed start left is removed again.
  public Container start(ContainerSpec spec) {
    try {
      return new StartContainer(machine).start(spec, new CreateContainer(machine).create(spec));
    } catch (RuntimeException e) {
      delete(spec.cgroup(), spec.dir());
      throw e;
    }
  }

  /// Completes when the container has ended, with how; at once for one that ended while nobody
  /// looked.
  public CompletableFuture<ExitStatus> exit(Container c) {
    CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    if (AdoptContainers.running(c)) {
      watch.watch(c.keeper(), () -> exit.completeAsync(() -> status(c)));
    } else {
      exit.complete(status(c));
    }
    return exit;
  }

  private ExitStatus status(Container c) {
    boolean oom = machine.cgroups().existing(c.cgroup()).usage().oomKills() > 0;
    return StateFile.exit(c.dir())
        .map(text -> ExitStatus.parse(text, oom))
        .orElseGet(() -> lost(c));
  }

  /// No exit file and no keeper: the machine restarted, or somebody killed the keeper. Its
  /// container must not live on unseen.
  private ExitStatus lost(Container c) {
    kill(c);
    return new ExitStatus(128 + Linux.SIGKILL, Linux.SIGKILL, machine.clock().instant(), false);
  }

  public void terminate(Container c) {
    new SignalContainer(machine).signal(c, Linux.SIGTERM);
  }

  public void signal(Container c, int signal) {
    new SignalContainer(machine).signal(c, signal);
  }

  /// The end of its first process ends them all: that is the pid namespace's rule.
  public void kill(Container c) {
    new SignalContainer(machine).signal(c, Linux.SIGKILL);
    machine.cgroups().existing(c.cgroup()).kill();
  }

  public void reopenLog(Container c) {
    new SignalContainer(machine).reopenLog(c);
  }

  public void delete(Container c) {
    delete(c.cgroup(), c.dir());
  }

  public void delete(String cgroup, Path dir) {
    new DeleteContainer(machine).delete(cgroup, dir);
  }

  public Optional<Container> adopt(Path dir) {
    return AdoptContainers.adopt(dir);
  }

  /// As whom it runs; absent when an older agent started it.
  public Optional<Identity> identity(Container c) {
    return StateFile.identity(c.dir());
  }

  public boolean running(Container c) {
    return AdoptContainers.running(c);
  }

  public ExecResult exec(Container c, ContainerSpec spec, List<String> command, Duration timeout) {
    ExecInContainer.Result r = new ExecInContainer(machine).exec(c, spec, command, timeout);
    return new ExecResult(r.code(), r.output());
  }

  public Usage usage(Container c) {
    return machine.cgroups().existing(c.cgroup()).usage();
  }

  /// The limits that it had, also when it has ended but was not deleted.
  public Limited limited(Container c) {
    return machine.cgroups().existing(c.cgroup()).limited();
  }

  /// What a command in a container printed, and its exit code; -1 when it did not end in time.
  public record ExecResult(int code, String output) {}

  @Override
  public void close() {
    watch.close();
  }
}
