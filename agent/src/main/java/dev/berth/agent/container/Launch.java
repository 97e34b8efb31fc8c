package dev.berth.agent.container;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Hands a program to the helper and waits until the child's execve, or until an operation failed.
final class Launch {
  private static final int F_READ = 64;
  private final Machine machine;

  Launch(Machine machine) {
    this.machine = machine;
  }

  /// Pids of the keeper and of the container's first process, as this pid namespace counts.
  record Pids(int keeper, int child) {}

  /// `inherited[i]` becomes descriptor i; entries PROGRAM and REPORT are filled in here.
  Pids run(String id, Program program, int[] inherited, Descriptors fds) {
    Syscalls sys = machine.sys();
    byte[] image = program.image();
    int memfd = fds.own(sys.memfdCreate("berth " + id, Linux.MFD_CLOEXEC));
    sys.pwrite(memfd, image, 0);
    int[] report = sys.pipe(Linux.O_CLOEXEC);
    int reportRead = fds.own(report[0]);
    int reportWrite = fds.own(report[1]);
    inherited[Compiler.FdPlan.PROGRAM] = memfd;
    inherited[Compiler.FdPlan.REPORT] = reportWrite;
    int keeper = sys.spawn(machine.helper().toString(), List.of("berth-keeper", id), inherited);
    fds.closeNow(reportWrite);
    int child = readPid(reportRead);
    ByteBuffer results =
        ByteBuffer.wrap(sys.pread(memfd, 32, Program.RESULTS)).order(ByteOrder.LITTLE_ENDIAN);
    long failedOp = results.getLong(16);
    long errno = results.getLong(24);
    if (failedOp != -1 || child <= 0) {
      sys.waitFor(keeper, true);
      String message = "container " + id + ": " + program.failure(failedOp, errno);
      throw program.execs(failedOp)
          ? ContainerException.ofExec(message, (int) errno)
          : new ContainerException(message);
    }
    return new Pids(keeper, child);
  }

  /// The pid comes first, then the end of the stream: execve closed the last writer.
  private int readPid(int report) {
    StringBuilder text = new StringBuilder();
    byte[] buffer = new byte[F_READ];
    for (int n = machine.sys().read(report, buffer);
        n > 0;
        n = machine.sys().read(report, buffer)) {
      text.append(new String(buffer, 0, n, StandardCharsets.US_ASCII));
    }
    String line = text.toString().strip();
    return line.isEmpty() ? -1 : Integer.parseInt(line);
  }
}
