package dev.berth.agent.container;

import dev.berth.agent.image.FileTree;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Last verb: the cgroup and the state directory of a container that has ended. Deleting twice is
/// no error.
final class DeleteContainer {
  private static final Logger log = LoggerFactory.getLogger(DeleteContainer.class);
  private final Machine machine;

  DeleteContainer(Machine machine) {
    this.machine = machine;
  }

  void delete(String cgroup, Path dir) {
    machine.cgroups().existing(cgroup).remove();
    tree(dir);
  }

  /// What cannot be removed is left for a later time: the container has ended all the same.
  static void tree(Path dir) {
    try {
      FileTree.delete(dir);
    } catch (UncheckedIOException e) {
      log.atWarn().addKeyValue("dir", dir).setCause(e).log("cannot remove a container's files");
    }
  }
}
