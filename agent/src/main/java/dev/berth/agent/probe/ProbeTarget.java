package dev.berth.agent.probe;

import java.time.Duration;
import java.util.List;

/// The container under question.
///
/// @param pid of its first process, through which the sockets of its network namespace are seen
public record ProbeTarget(String address, long pid, Exec exec) {
  /// Runs a command in the container: its exit code and output, -1 when time ran out.
  public interface Exec {
    Result run(List<String> command, Duration timeout);
  }

  public record Result(int code, String output) {}
}
