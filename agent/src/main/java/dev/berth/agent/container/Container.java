package dev.berth.agent.container;

import java.nio.file.Path;
import java.time.Instant;

/// A container that was started: what its state directory remembers, and enough to find it again
/// after a crash. The keeper is known by pid and start time together, because pids are used anew.
public record Container(
    String id,
    Path dir,
    String cgroup,
    int pid,
    long pidStart,
    int keeper,
    long keeperStart,
    Instant startedAt) {
  static final String FILE = "container.json";
}
