package dev.berth.agent.container;

import dev.berth.agent.cgroup.Cgroup;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Second verb: compile, launch, remember. When it returns the entrypoint runs (or has already
/// ended).
final class StartContainer {
  private static final List<String> NAMESPACES = List.of("net", "ipc", "uts");
  private final Machine machine;

  StartContainer(Machine machine) {
    this.machine = machine;
  }

  Container start(ContainerSpec spec, Cgroup cgroup) {
    Syscalls sys = machine.sys();
    List<Path> join = cgroup.joinFiles();
    boolean into = cgroup.cloneInto().isPresent();
    List<Path> namespaces =
        spec.namespaces().map(d -> NAMESPACES.stream().map(d::resolve).toList()).orElse(List.of());
    Compiler.FdPlan plan = new Compiler.FdPlan(namespaces.size(), into ? 1 : join.size(), into);
    Program program = Compiler.compile(spec, plan, sys.getrlimit(Linux.RLIMIT_NOFILE).hard());
    int[] inherited = new int[plan.end()];
    Arrays.fill(inherited, -1);
    try (Descriptors fds = new Descriptors(sys)) {
      standard(spec, inherited, fds);
      inherited[Compiler.FdPlan.STATE] =
          fds.own(machine.open(spec.dir(), Linux.O_RDONLY | Linux.O_DIRECTORY));
      for (int i = 0; i < namespaces.size(); i++) {
        inherited[Compiler.FdPlan.FIRST + i] =
            fds.own(machine.open(namespaces.get(i), Linux.O_RDONLY));
      }
      for (int i = 0; i < join.size(); i++) {
        inherited[plan.cgroup(i)] = fds.own(machine.open(join.get(i), Linux.O_WRONLY));
      }
      if (into) {
        inherited[plan.cgroup(0)] =
            fds.own(
                machine.open(cgroup.cloneInto().orElseThrow(), Linux.O_RDONLY | Linux.O_DIRECTORY));
      }
      StateFile.write(spec.dir(), Identity.of(spec));
      Launch.Pids pids = new Launch(machine).run(spec.id(), program, inherited, fds);
      Container container =
          new Container(
              spec.id(),
              spec.dir(),
              spec.cgroup(),
              pids.child(),
              Machine.startTime(pids.child()),
              pids.keeper(),
              Machine.startTime(pids.keeper()),
              machine.clock().instant());
      StateFile.write(container);
      return container;
    }
  }

  /// What is read and written at 0 to 2, and the ends that the keeper has of it. A terminal is made
  /// by the keeper itself; until then all of them are taken, so that nothing else gets their
  /// numbers.
  private void standard(ContainerSpec spec, int[] inherited, Descriptors fds) {
    if (spec.input() == Input.TERMINAL) {
      int nothing = fds.nothing();
      Arrays.fill(inherited, 0, 3, nothing);
      Arrays.fill(inherited, Compiler.FdPlan.OUT, Compiler.FdPlan.IN + 1, nothing);
      return;
    }
    int[] out = pipe(spec.user(), fds);
    int[] err = pipe(spec.user(), fds);
    inherited[1] = out[1];
    inherited[2] = err[1];
    inherited[Compiler.FdPlan.OUT] = out[0];
    inherited[Compiler.FdPlan.ERR] = err[0];
    if (spec.input() == Input.NONE) {
      inherited[0] = fds.nothing();
    } else {
      int[] in = pipe(spec.user(), fds);
      inherited[0] = in[0];
      inherited[Compiler.FdPlan.IN] = in[1];
    }
  }

  /// Owned by the container's user, who may open it again through /dev/stdout.
  private int[] pipe(User user, Descriptors fds) {
    int[] ends = machine.sys().pipe(Linux.O_CLOEXEC);
    machine.sys().fchown(ends[0], user.uid(), user.gid());
    return new int[] {fds.own(ends[0]), fds.own(ends[1])};
  }
}
