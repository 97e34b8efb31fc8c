package dev.berth.agent.container;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Hands a program to the helper and waits until the child's execve, or until an operation failed.
final class Launch {
  private static final int F_READ = 64;

  /// `init.c` maps so much of a program and no more.
  private static final int LARGEST = 16 << 20;

  private static final int SIGKILL = 9;
  private final Machine machine;

  Launch(Machine machine) {
    this.machine = machine;
  }

  /// Pids of the keeper and of the container's first process, as this pid namespace counts.
  record Pids(int keeper, int child) {}

  /// `inherited[i]` becomes descriptor i; entries PROGRAM and REPORT are filled in here. Blocks in
  /// native code: never on a virtual thread.
  Pids run(String id, Program program, int[] inherited, Descriptors fds) {
    return run(id, program, inherited, fds, Optional.empty()).orElseThrow();
  }

  /// @param deadline of [System#nanoTime] by which the command has to run: who is in the container
  ///   already may stop a process before it has become the command. Empty is returned when it is
  ///   late, and nothing is left of it
  Optional<Pids> run(
      String id, Program program, int[] inherited, Descriptors fds, Optional<Long> deadline) {
    Syscalls sys = machine.sys();
    byte[] image = program.image();
    if (image.length > LARGEST) {
      throw new ContainerException(
          "container " + id + ": its command and variables take " + image.length + " bytes");
    }
    int memfd = fds.own(sys.memfdCreate("berth " + id, Linux.MFD_CLOEXEC));
    sys.pwrite(memfd, image, 0);
    int[] report = sys.pipe(Linux.O_CLOEXEC);
    int reportRead = fds.own(report[0]);
    int reportWrite = fds.own(report[1]);
    inherited[Compiler.FdPlan.PROGRAM] = memfd;
    inherited[Compiler.FdPlan.REPORT] = reportWrite;
    int keeper = sys.spawn(machine.program(), List.of("berth-keeper", id), inherited);
    fds.closeNow(reportWrite);
    OptionalInt reported = readPid(reportRead, deadline);
    ByteBuffer results =
        ByteBuffer.wrap(sys.pread(memfd, 32, Program.RESULTS)).order(ByteOrder.LITTLE_ENDIAN);
    if (reported.isEmpty()) {
      giveUp(keeper, (int) results.getLong(0));
      return Optional.empty();
    }
    int child = reported.getAsInt();
    long failedOp = results.getLong(16);
    long errno = results.getLong(24);
    if (failedOp != -1 || child <= 0) {
      sys.waitFor(keeper, true);
      String message = "container " + id + ": " + program.failure(failedOp, errno);
      throw program.execs(failedOp)
          ? ContainerException.ofExec(message, (int) errno)
          : new ContainerException(message);
    }
    return Optional.of(new Pids(keeper, child));
  }

  /// The keeper has not reaped the child, so the pid is still the child's.
  private void giveUp(int keeper, int child) {
    if (child > 0) {
      machine.sys().kill(child, SIGKILL);
    } else {
      machine.sys().kill(keeper, SIGKILL);
    }
    machine.sys().waitFor(keeper, true);
  }

  /// The pid comes first, then the end of the stream: execve closed the last writer. Empty when
  /// time is up before.
  private OptionalInt readPid(int report, Optional<Long> deadline) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[F_READ];
    while (deadline.isEmpty() || machine.readable(report, deadline.get())) {
      int n = machine.sys().read(report, buffer);
      if (n <= 0) {
        String line = text.toString().strip();
        return OptionalInt.of(line.isEmpty() ? -1 : Integer.parseInt(line));
      }
      text.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
    }
    return OptionalInt.empty();
  }
}
