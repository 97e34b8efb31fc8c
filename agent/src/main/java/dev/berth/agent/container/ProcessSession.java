package dev.berth.agent.container;

import java.util.List;

/// The processes of a command's session, by its leader. The leader's pid is not given to another
/// process before its keeper has reaped it, and the start time tells whether it has.
///
/// @param start of the leader, in clock ticks since boot; 0 when it had ended before anybody looked
record ProcessSession(int leader, long start) {
  static ProcessSession of(int leader) {
    return new ProcessSession(leader, Machine.startTime(leader));
  }

  boolean hasLeader() {
    return start != 0 && Machine.startTime(leader) == start;
  }

  /// Empty when the leader has been reaped; whatever left the session is not among them.
  List<ProcessHandle> members() {
    return hasLeader()
        ? ProcessHandle.allProcesses().filter(p -> Machine.session(p.pid()) == leader).toList()
        : List.of();
  }

  void kill() {
    members().forEach(ProcessHandle::destroyForcibly);
  }
}
