package dev.berth.agent.container;

import dev.berth.agent.linux.Linux;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// A command in a running container that is asked for its exit code and what it says, in bounded
/// time: a probe's.
final class ExecInContainer {
  private static final int MAX_OUTPUT = 64 * 1024;
  private static final Result LATE = new Result(-1, "");
  private final Machine machine;

  ExecInContainer(Machine machine) {
    this.machine = machine;
  }

  /// What the process printed (both streams, at most 64 KiB) and its exit code; -1 after the
  /// time-out.
  record Result(int code, String output) {}

  /// On a platform thread of its own, since launching, reading and reaping block in native code: a
  /// container may hold that thread up to the time-out, and no more than that.
  Result exec(Container c, ContainerSpec spec, List<String> command, Duration timeout) {
    CompletableFuture<Result> result = new CompletableFuture<>();
    Thread.ofPlatform()
        .name("exec-" + c.id())
        .daemon()
        .start(
            () -> {
              try {
                result.complete(run(c, spec, command, System.nanoTime() + timeout.toNanos()));
              } catch (RuntimeException e) {
                result.completeExceptionally(e);
              }
            });
    try {
      return result.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return LATE;
    } catch (ExecutionException e) {
      throw new ContainerException("exec", e);
    }
  }

  private Result run(Container c, ContainerSpec spec, List<String> command, long deadline) {
    Path state = JoinContainer.stateDirectory(c);
    try (Descriptors fds = new Descriptors(machine.sys())) {
      int[] ends = machine.sys().pipe(Linux.O_CLOEXEC);
      int read = fds.own(ends[0]);
      int write = fds.own(ends[1]);
      int nothing = fds.nothing();
      Optional<Launch.Pids> pids =
          new JoinContainer(machine)
              .launch(
                  new JoinContainer.Command(c, spec, command, false),
                  new int[] {nothing, write, write},
                  state,
                  fds,
                  deadline);
      fds.closeNow(write);
      return pids.map(p -> follow(p, state, read, deadline)).orElse(LATE);
    } finally {
      DeleteContainer.tree(state);
    }
  }

  /// Reads what it prints and reaps it. When time is up all processes of the command's session are
  /// killed; whatever left the session may hold the pipe open, and nobody waits for it.
  private Result follow(Launch.Pids pids, Path state, int read, long deadline) {
    ProcessSession session = ProcessSession.of(pids.child());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean late = !drain(read, out, deadline) || !machine.hasEnded(pids.keeper(), deadline);
    if (late) {
      session.kill();
    }
    machine.sys().waitFor(pids.keeper(), true);
    int code =
        late ? -1 : StateFile.exit(state).map(x -> ExitStatus.parse(x, false).code()).orElse(-1);
    return new Result(code, out.toString(StandardCharsets.UTF_8));
  }

  /// False when time was up before the last writer had gone.
  private boolean drain(int read, ByteArrayOutputStream out, long deadline) {
    byte[] buffer = new byte[8192];
    while (machine.readable(read, deadline)) {
      int n = machine.sys().read(read, buffer);
      if (n <= 0) {
        return true;
      }
      out.write(buffer, 0, Math.min(n, Math.max(0, MAX_OUTPUT - out.size())));
    }
    return false;
  }
}
