package dev.berth.agent.container;

import dev.berth.agent.linux.Errno;
import java.util.OptionalInt;

/// A container that could not be made or started; the message names the operation and the kernel's
/// answer.
public final class ContainerException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final int NOT_EXEC = 0;
  private final int execErrno;

  public ContainerException(String message) {
    super(message);
    this.execErrno = NOT_EXEC;
  }

  public ContainerException(String message, Throwable cause) {
    super(message, cause);
    this.execErrno = NOT_EXEC;
  }

  private ContainerException(String message, int execErrno) {
    super(message);
    this.execErrno = execErrno;
  }

  /// The container was ready, but the kernel would not run its command.
  static ContainerException ofExec(String message, int errno) {
    return new ContainerException(message, errno);
  }

  /// No execve would be tried at all: as if none had found it.
  static ContainerException ofEmptyPath(String command) {
    return ofExec(
        "cannot run " + command + ": PATH is empty: set it or give a full path",
        Errno.ENOENT.number());
  }

  /// There is no such command, or no interpreter for it.
  public boolean isAbsent() {
    return execErrno == Errno.ENOENT.number();
  }

  /// Why the command itself could not be run; empty when something before it failed.
  public OptionalInt execErrno() {
    return execErrno == NOT_EXEC ? OptionalInt.empty() : OptionalInt.of(execErrno);
  }
}
