package dev.berth.agent.build;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.container.Keeper;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What a builder that was killed left behind: mounted trees and steps that still run.
public final class Leftovers {
  private static final Logger log = LoggerFactory.getLogger(Leftovers.class);

  private Leftovers() {}

  /// Unmounts every merged tree below `root`.
  public static List<String> unmount(Syscalls sys, Path root) {
    List<String> mounts = mounts(root);
    for (String mount : mounts) {
      try {
        sys.unmount(mount, Linux.MNT_DETACH);
      } catch (ErrnoException e) {
        log.atWarn().addKeyValue("mount", mount).setCause(e).log("cannot unmount");
      }
    }
    return mounts;
  }

  private static List<String> mounts(Path root) {
    try {
      return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
          .map(l -> l.split(" ", 3)[1])
          .filter(m -> m.startsWith(root + "/"))
          .sorted(java.util.Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Ends the steps that still run below this directory, whatever their files say.
  static void endContainers(BuildHost host, Path dir) {
    for (Keeper keeper : host.containers().keepers()) {
      if (keeper.below(dir)) {
        host.containers().end(keeper);
      }
    }
  }

  /// What cannot be removed costs disk, and must not keep the agent from starting.
  static void remove(Path dir) {
    try {
      FileTree.delete(dir);
    } catch (UncheckedIOException e) {
      log.atWarn().addKeyValue("dir", dir).setCause(e).log("cannot remove what a build left");
    }
  }

  /// Removes the groups of a build's steps; a second Berth of the same node name has other ids.
  static void removeGroups(BuildHost host, Path dir) {
    Cgroups cgroups = host.containers().machine().cgroups();
    for (String group : cgroups.list(host.node() + "/build-" + dir.getFileName())) {
      cgroups.existing(group).kill();
      cgroups.existing(group).remove();
    }
  }
}
