package dev.berth.agent.probe;

import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;

/// The container under question.
///
/// @param address the pod's own; empty while it has none, and then nobody is asked
/// @param pid of its first process, through which the sockets of its network namespace are seen
/// @param loading whether it may still be busy with its start: a server that then says no has not
///   said yet what it is; asked on the prober's thread
public record ProbeTarget(String address, long pid, Exec exec, BooleanSupplier loading) {
  /// Runs a command in the container: its exit code and output, -1 when time ran out.
  public interface Exec {
    Result run(List<String> command, Duration timeout);
  }

  public record Result(int code, String output) {}
}
