package dev.berth.agent.build;

/// A container script that cannot be understood, with the place: `Dockerfile:7: HEALTHCHECK is not
/// supported`.
final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int line;

  ScriptException(String file, int line, String message) {
    super(file + ":" + line + ": " + message);
    this.line = line;
  }

  int line() {
    return line;
  }
}
