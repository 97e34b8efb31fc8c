package dev.berth.agent.container;

import dev.berth.agent.cgroup.Cgroup;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Launches a further process in a running container, with the container's own identity and filter.
/// The helper joins by the pidfd of the container's first process; it is not dumpable from its
/// first operation on, so the container cannot reach the host through its /proc/PID/exe.
final class JoinContainer {
  private static final int PIDFD = Compiler.FdPlan.FIRST;
  private static final int SET_DUMPABLE = 4;

  /// TIOCSCTTY: this terminal becomes the session's own.
  private static final int CONTROLLING = 0x540E;

  private final Machine machine;

  JoinContainer(Machine machine) {
    this.machine = machine;
  }

  /// What is to run.
  ///
  /// @param terminal whether descriptor 0 is a terminal that the command's session owns
  record Command(Container in, ContainerSpec as, List<String> words, boolean terminal) {
    Command {
      words = List.copyOf(words);
    }

    private List<String> environment() {
      List<String> all = new ArrayList<>(as.environment());
      if (terminal && all.stream().noneMatch(v -> v.startsWith("TERM="))) {
        all.add("TERM=xterm");
      }
      return all;
    }
  }

  /// A directory for the command's exit status; whoever launches removes it.
  static Path stateDirectory(Container c) {
    try {
      return Files.createTempDirectory(c.dir(), Keeper.COMMAND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Returns when the command runs; empty when that was not so by the deadline.
  ///
  /// @param standard what becomes its descriptors 0, 1 and 2
  /// @param deadline of [System#nanoTime]
  Optional<Launch.Pids> launch(
      Command command, int[] standard, Path state, Descriptors fds, long deadline) {
    Syscalls sys = machine.sys();
    Container c = command.in();
    Cgroup cgroup = machine.cgroups().existing(c.cgroup());
    List<Path> join = cgroup.joinFiles();
    boolean into = cgroup.cloneInto().isPresent();
    Compiler.FdPlan plan = new Compiler.FdPlan(1, into ? 1 : join.size(), into);
    int[] inherited = new int[plan.end()];
    Arrays.fill(inherited, -1);
    System.arraycopy(standard, 0, inherited, 0, standard.length);
    inherited[Compiler.FdPlan.STATE] =
        fds.own(machine.open(state, Linux.O_RDONLY | Linux.O_DIRECTORY));
    inherited[PIDFD] = fds.own(sys.pidfdOpen(c.pid()));
    AdoptContainers.requireEntered(c); // from here on it names the process that was found
    for (int i = 0; i < join.size(); i++) {
      inherited[plan.cgroup(i)] = fds.own(machine.open(join.get(i), Linux.O_WRONLY));
    }
    if (into) {
      inherited[plan.cgroup(0)] =
          fds.own(
              machine.open(cgroup.cloneInto().orElseThrow(), Linux.O_RDONLY | Linux.O_DIRECTORY));
    }
    Program program = program(plan, command, sys.getrlimit(Linux.RLIMIT_NOFILE).hard());
    return new Launch(machine).run(c.id(), program, inherited, fds, Optional.of(deadline));
  }

  private static Program program(Compiler.FdPlan plan, Command command, long hardOpenFiles) {
    ContainerSpec spec = command.as();
    List<Op> keeper = new ArrayList<>(Compiler.keeper(plan.end()));
    keeper.add(Op.of("not dumpable", Nr.PRCTL, SET_DUMPABLE, 0, 0, 0, 0));
    keeper.add(Op.of("join pid namespace", Nr.SETNS, PIDFD, Linux.CLONE_NEWPID));
    List<Op> child = new ArrayList<>();
    for (int i = 0; i < plan.cgroups() && !plan.intoCgroup(); i++) {
      child.add(Op.of("cgroup", Nr.WRITE, plan.cgroup(i), "0", 1));
    }
    int all =
        Linux.CLONE_NEWNS
            | Linux.CLONE_NEWUTS
            | Linux.CLONE_NEWIPC
            | Linux.CLONE_NEWNET
            | Linux.CLONE_NEWCGROUP;
    child.add(Op.of("join namespaces", Nr.SETNS, PIDFD, all));
    child.add(Op.of("session", Nr.SETSID));
    if (command.terminal()) {
      child.add(Op.of("controlling terminal", Nr.IOCTL, 0, CONTROLLING, 0));
    }
    child.addAll(Compiler.closeAllButReport());
    child.add(Op.of("umask", Nr.UMASK, 022));
    child.add(Op.of("chdir", Nr.CHDIR, spec.workingDirectory()));
    child.addAll(Compiler.limits(Math.min(spec.openFiles(), hardOpenFiles)));
    child.addAll(Compiler.become(spec.user(), spec.security()));
    child.addAll(Compiler.execute(command.words(), command.environment()));
    Program.Fds kept =
        new Program.Fds(
            plan.intoCgroup() ? plan.cgroup(0) : -1,
            Compiler.FdPlan.STATE,
            Compiler.FdPlan.REPORT,
            -1,
            -1);
    return new Program(keeper, child, 0, kept, "");
  }
}
