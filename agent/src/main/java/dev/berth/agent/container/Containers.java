package dev.berth.agent.container;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.cgroup.Usage;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The verbs under one roof, for the rooms above. Thread-safe: verbs on different containers run
/// side by side.
public final class Containers implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Containers.class);
  private static final int KEEPER_END_SECONDS = 10;
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
      wipe(spec.dir(), spec.id(), spec.cgroup()); // it may have failed behind the launch
      throw e;
    }
  }

  /// Completes when the container has ended, with how; at once for one that ended while nobody
  /// looked.
  public CompletableFuture<ExitStatus> exit(Container c) {
    CompletableFuture<ExitStatus> exit = new CompletableFuture<>();
    if (AdoptContainers.running(c)) {
      watch(c.keeper(), () -> exit.completeAsync(() -> status(c)));
    } else {
      if (c.keeperStart() != 0 && Machine.startTime(c.keeper()) == c.keeperStart()) {
        machine.sys().waitFor(c.keeper(), false); // our own child, which has ended
      }
      exit.complete(status(c));
    }
    return exit;
  }

  /// A kernel that is out of something is asked again: a keeper that cannot be watched lives on.
  private void watch(int keeper, Runnable ended) {
    try {
      watch.watch(keeper, ended);
    } catch (ErrnoException e) {
      log.atWarn().addKeyValue("keeper", keeper).setCause(e).log("cannot watch a keeper yet");
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(() -> watch(keeper, ended));
    }
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

  /// The container with this state directory, once its start was complete: for whoever asks while
  /// its worker goes on.
  public Optional<Container> known(Path dir, String id) {
    return AdoptContainers.known(dir, id);
  }

  /// The container with this state directory, from whatever tells of it, and written down again:
  /// for its worker alone, when no start of it goes on.
  public Optional<Container> adopt(Path dir, String id, String cgroup) {
    return AdoptContainers.adopt(dir, id, cgroup);
  }

  /// A container of which nothing is left but its name and when it began: it ends as lost.
  public Container lost(Path dir, String id, String cgroup, Instant began) {
    return AdoptContainers.lost(dir, id, cgroup, began);
  }

  /// The keepers of this machine's containers that run now, of whatever agent.
  public List<Keeper> keepers() {
    return Keeper.all();
  }

  /// Ends and removes what may be there under this name, whatever tells of it: the processes of the
  /// group, then the keepers, then the files. Waits until no keeper is left to write.
  public void wipe(Path dir, String id, String cgroup) {
    machine.cgroups().existing(cgroup).kill();
    Keeper.all().stream().filter(k -> k.id().equals(id)).forEach(this::end);
    delete(cgroup, dir);
  }

  /// Ends a keeper's container; the keeper ends with it.
  public void end(Keeper k) {
    k.child().ifPresent(ProcessHandle::destroyForcibly);
    try {
      if (k.alive()) {
        ended(k).get(KEEPER_END_SECONDS, TimeUnit.SECONDS);
      }
    } catch (TimeoutException | ExecutionException e) {
      ProcessHandle.of(k.pid()).filter(_ -> k.alive()).ifPresent(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends what an agent before this one ran inside the container for somebody, who is gone with it:
  /// each command with its session.
  public void endCommands(Container c) {
    for (Keeper k : Keeper.ofCommands(c.dir())) {
      k.child().ifPresent(child -> ProcessSession.of((int) child.pid()).kill());
      end(k);
      DeleteContainer.tree(k.state());
    }
  }

  private CompletableFuture<Boolean> ended(Keeper k) {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    watch(k.pid(), () -> end.complete(true));
    return end;
  }

  /// Leaves the note that this container was stopped on request, and frees its disk: the next agent
  /// starts it afresh.
  public void takenDown(Path dir) {
    StateFile.markDown(dir);
    strip(dir);
  }

  public boolean wasTakenDown(Path dir) {
    return StateFile.isDown(dir);
  }

  /// Frees the disk that an ended container holds; how it ended stays known.
  public void strip(Container c) {
    strip(c.dir());
  }

  private static void strip(Path dir) {
    for (String part : List.of("upper", "work", "rootfs")) {
      DeleteContainer.tree(dir.resolve(part));
    }
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

  /// A command that somebody talks to, or a [ContainerException] that says why it cannot run.
  /// Blocks in native code: never on a virtual thread.
  public ExecSession open(
      Container c, ContainerSpec spec, List<String> command, boolean input, boolean terminal) {
    return new OpenSession(machine).open(c, spec, command, input, terminal);
  }

  /// What somebody types into the container; empty when it reads nothing, or no more. Blocks in
  /// native code: never on a virtual thread.
  ///
  /// @param once whether its input ends with the first one who talks
  public Optional<ContainerInput> input(Container c, Input kind, boolean once) {
    return ContainerInput.open(machine, c, kind, once);
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
