package dev.berth.agent.container;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Starts a command in a running container that somebody talks to. All ends that the session needs
/// are made before the launch, so that nothing runs that nobody holds.
final class OpenSession {
  /// A container that stops each new process must not hold the caller for ever.
  private static final long BEGIN_SECONDS = 10;

  private final Machine machine;

  OpenSession(Machine machine) {
    this.machine = machine;
  }

  /// The ends of a session by what they are for; -1 where there is none.
  ///
  /// @param in where its input goes; of a terminal the same as `out`
  /// @param err -1 where both outputs come together
  /// @param hungUp the end of a pipe that tells that nobody listens any more
  /// @param hangUp its other end
  record Ends(int in, int out, int err, int hungUp, int hangUp) {}

  /// Blocks in native code up to ten seconds: never on a virtual thread.
  ///
  /// @param input whether it reads what the caller writes, and not nothing; a terminal always does
  ExecSession open(
      Container c, ContainerSpec spec, List<String> words, boolean input, boolean terminal) {
    Path state = JoinContainer.stateDirectory(c);
    JoinContainer.Command command = new JoinContainer.Command(c, spec, words, terminal);
    try (Descriptors fds = new Descriptors(machine.sys())) {
      int[] hangUp = pipe(fds);
      int[] standard = new int[3];
      Ends ends =
          terminal
              ? terminal(c, spec.user(), standard, fds, hangUp)
              : pipes(spec.user(), input, standard, fds, hangUp);
      Launch.Pids pids =
          new JoinContainer(machine)
              .launch(
                  command,
                  standard,
                  state,
                  fds,
                  System.nanoTime() + TimeUnit.SECONDS.toNanos(BEGIN_SECONDS))
              .orElseThrow(() -> late(c));
      keep(ends, fds);
      return new ExecSession(machine, state, pids, terminal, ends);
    } catch (RuntimeException e) {
      DeleteContainer.tree(state);
      throw e;
    }
  }

  private static ContainerException late(Container c) {
    return new ContainerException(
        "container " + c.id() + ": the command did not begin within " + BEGIN_SECONDS + " s");
  }

  private Ends terminal(Container c, User user, int[] standard, Descriptors fds, int[] hangUp) {
    Terminal terminal = Terminal.open(machine, c, user);
    int master = fds.own(terminal.master());
    int slave = fds.own(terminal.slave());
    java.util.Arrays.fill(standard, slave);
    machine.sys().nonBlocking(master);
    return new Ends(master, master, -1, hangUp[0], hangUp[1]);
  }

  /// They belong to the command's user, who may open them again through /dev/stdout.
  private Ends pipes(User user, boolean input, int[] standard, Descriptors fds, int[] hangUp) {
    Syscalls sys = machine.sys();
    int[] out = pipe(fds);
    int[] err = pipe(fds);
    standard[1] = out[1];
    standard[2] = err[1];
    sys.fchown(out[0], user.uid(), user.gid());
    sys.fchown(err[0], user.uid(), user.gid());
    sys.nonBlocking(out[0]);
    sys.nonBlocking(err[0]);
    if (!input) {
      standard[0] = fds.nothing();
      return new Ends(-1, out[0], err[0], hangUp[0], hangUp[1]);
    }
    int[] in = pipe(fds);
    standard[0] = in[0];
    sys.fchown(in[0], user.uid(), user.gid());
    sys.nonBlocking(in[1]);
    return new Ends(in[1], out[0], err[0], hangUp[0], hangUp[1]);
  }

  private int[] pipe(Descriptors fds) {
    int[] ends = machine.sys().pipe(Linux.O_CLOEXEC);
    return new int[] {fds.own(ends[0]), fds.own(ends[1])};
  }

  private static void keep(Ends ends, Descriptors fds) {
    fds.release(ends.out());
    if (ends.in() >= 0 && ends.in() != ends.out()) {
      fds.release(ends.in());
    }
    if (ends.err() >= 0) {
      fds.release(ends.err());
    }
    fds.release(ends.hungUp());
    fds.release(ends.hangUp());
  }
}
