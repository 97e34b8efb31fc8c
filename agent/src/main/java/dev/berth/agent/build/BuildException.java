package dev.berth.agent.build;

import java.util.OptionalInt;

/// A step that failed, or something around the steps (`step` 0).
final class BuildException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient OptionalInt exitCode;

  BuildException(String message) {
    super(message);
    this.exitCode = OptionalInt.empty();
  }

  BuildException(String message, Throwable cause) {
    super(message, cause);
    this.exitCode = OptionalInt.empty();
  }

  BuildException(String message, int exitCode) {
    super(message);
    this.exitCode = OptionalInt.of(exitCode);
  }

  OptionalInt exitCode() {
    return exitCode;
  }
}
