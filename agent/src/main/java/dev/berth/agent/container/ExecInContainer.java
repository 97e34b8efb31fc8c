package dev.berth.agent.container;

import dev.berth.agent.cgroup.Cgroup;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A further process in a running container, with the container's own identity and filter. The
/// helper joins by the pidfd of the container's first process; it is not dumpable from its first
/// operation on, so the container cannot reach the host through its /proc/PID/exe.
final class ExecInContainer {
  private static final int MAX_OUTPUT = 64 * 1024;
  private static final int PIDFD = Compiler.FdPlan.FIRST;
  private static final int SET_DUMPABLE = 4;
  private final Machine machine;

  ExecInContainer(Machine machine) {
    this.machine = machine;
  }

  /// What the process printed (both streams, at most 64 KiB) and its exit code; -1 after the
  /// time-out.
  record Result(int code, String output) {}

  Result exec(Container c, ContainerSpec spec, List<String> command, Duration timeout) {
    Syscalls sys = machine.sys();
    Cgroup cgroup = machine.cgroups().existing(c.cgroup());
    List<Path> join = cgroup.joinFiles();
    boolean into = cgroup.cloneInto().isPresent();
    Compiler.FdPlan plan = new Compiler.FdPlan(1, into ? 1 : join.size(), into);
    int[] inherited = new int[plan.end()];
    Arrays.fill(inherited, -1);
    Path state = stateDirectory(c);
    try (Descriptors fds = new Descriptors(sys)) {
      int[] ends = sys.pipe(Linux.O_CLOEXEC);
      int read = fds.own(ends[0]);
      int write = fds.own(ends[1]);
      inherited[0] = fds.own(machine.open(Path.of("/dev/null"), Linux.O_RDONLY));
      inherited[1] = write;
      inherited[2] = write;
      inherited[Compiler.FdPlan.STATE] =
          fds.own(machine.open(state, Linux.O_RDONLY | Linux.O_DIRECTORY));
      inherited[PIDFD] = fds.own(sys.pidfdOpen(c.pid()));
      for (int i = 0; i < join.size(); i++) {
        inherited[plan.cgroup(i)] = fds.own(machine.open(join.get(i), Linux.O_WRONLY));
      }
      if (into) {
        inherited[plan.cgroup(0)] =
            fds.own(
                machine.open(cgroup.cloneInto().orElseThrow(), Linux.O_RDONLY | Linux.O_DIRECTORY));
      }
      Launch.Pids pids =
          new Launch(machine).run(c.id(), program(spec, plan, command), inherited, fds);
      fds.closeNow(write);
      return await(pids, state, fds.release(read), timeout);
    } finally {
      DeleteContainer.tree(state);
    }
  }

  private static Path stateDirectory(Container c) {
    try {
      return Files.createTempDirectory(c.dir(), "exec");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Program program(ContainerSpec spec, Compiler.FdPlan plan, List<String> command) {
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
    child.addAll(Compiler.closeAllButReport());
    child.add(Op.of("umask", Nr.UMASK, 022));
    child.add(Op.of("chdir", Nr.CHDIR, spec.workingDirectory()));
    child.addAll(Compiler.become(spec.user(), spec.security()));
    child.addAll(Compiler.execute(command, spec.environment()));
    Program.Fds kept =
        new Program.Fds(
            plan.intoCgroup() ? plan.cgroup(0) : -1,
            Compiler.FdPlan.STATE,
            Compiler.FdPlan.REPORT,
            -1,
            -1);
    return new Program(keeper, child, 0, kept, "");
  }

  /// Output and end are awaited on a platform thread of their own; when time is up the process is
  /// killed.
  private Result await(Launch.Pids pids, Path state, int read, Duration timeout) {
    CompletableFuture<String> output = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("exec-output")
        .daemon()
        .start(() -> output.complete(drain(pids.keeper(), read)));
    boolean late = false;
    try {
      output.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      late = true;
      ProcessHandle.of(pids.child()).ifPresent(ProcessHandle::destroyForcibly);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      late = true;
    } catch (ExecutionException e) {
      throw new ContainerException("exec", e);
    }
    String text = output.join();
    int code =
        late ? -1 : StateFile.exit(state).map(x -> ExitStatus.parse(x, false).code()).orElse(-1);
    return new Result(code, text);
  }

  private String drain(int keeper, int read) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int n = machine.sys().read(read, buffer); n > 0; n = machine.sys().read(read, buffer)) {
        out.write(buffer, 0, Math.min(n, Math.max(0, MAX_OUTPUT - out.size())));
      }
      machine.sys().waitFor(keeper, true);
    } finally {
      machine.sys().close(read);
    }
    return out.toString(StandardCharsets.UTF_8);
  }
}
