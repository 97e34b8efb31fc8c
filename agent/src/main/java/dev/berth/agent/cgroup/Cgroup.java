package dev.berth.agent.cgroup;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// One container's group, in however many hierarchies the machine has.
public interface Cgroup {
  /// Files into which the child itself writes `0` to move in (version 1: `tasks`, which takes no
  /// global lock).
  List<Path> joinFiles();

  /// The directory into which clone3 puts the child at birth (version 2).
  Optional<Path> cloneInto();

  Usage usage();

  /// Its limits, and how hard it hit them.
  Limited limited();

  /// Kills every process in it; the container's own end normally has done so already.
  void kill();

  /// Removes the group and its empty parents below `berth`. A group that is gone is no error.
  void remove();
}
