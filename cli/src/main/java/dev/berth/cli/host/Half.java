package dev.berth.cli.host;

/// What one process runs of Berth: both halves (`up`), or one alone. Halves that run alone may
/// share a data directory, so each has a pid file of its own.
enum Half {
  UP("up", "berth.pid"),
  AGENT("agent", "berth-agent.pid"),
  CONTROLLER("controller", "berth-controller.pid");

  private final String verb;
  private final String pidFile;

  Half(String verb, String pidFile) {
    this.verb = verb;
    this.pidFile = pidFile;
  }

  String verb() {
    return verb;
  }

  String pidFile() {
    return pidFile;
  }
}
