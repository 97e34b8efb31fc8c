package dev.berth.cli.term;

/// The exit codes, stable for scripts.
public enum Exit {
  OK(0),
  FAILED(1),
  /// Of `diff`, as diff(1) has it.
  DIFFERENT(1),
  /// Of `diff`: it could not be found out.
  TROUBLE(2),
  ROLLOUT_FAILED(2),
  TIMEOUT(3),
  INVALID_MANIFEST(4),
  UNREACHABLE(5);

  private final int code;

  Exit(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }
}
