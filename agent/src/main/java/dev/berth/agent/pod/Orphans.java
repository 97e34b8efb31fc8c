package dev.berth.agent.pod;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.container.Keeper;
import dev.berth.agent.image.FileTree;
import dev.berth.agent.volume.VolumeLeftovers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Pods of which only this host still knows: their objects went while the agent was away. Whatever
/// of one is left (sandbox, files, keepers) is enough to find it.
final class Orphans {
  private Orphans() {}

  /// The pods, by uid, of which anything is left here. Groups alone do not count: they may be those
  /// of another Berth whose node has the same name.
  static Set<String> uids(PodHost host) {
    Path root = host.dataDir().resolve("pods");
    Set<String> uids = new TreeSet<>(host.network().attached());
    children(root).forEach(dir -> uids.add(String.valueOf(dir.getFileName())));
    for (Keeper keeper : host.containers().keepers()) {
      keeper.nameBelow(root).ifPresent(uids::add);
    }
    return uids;
  }

  /// Leaves nothing of the pod on this host.
  static void remove(PodHost host, String uid) {
    endAll(host, uid);
    host.network().detach(uid);
    VolumeLeftovers.unmount(host.containers().machine().sys(), host.podDir(uid));
    FileTree.delete(host.podDir(uid));
    children(host.dataDir().resolve("logs")).stream()
        .filter(dir -> String.valueOf(dir.getFileName()).endsWith("_" + uid))
        .forEach(FileTree::delete);
  }

  /// Ends its processes and removes their groups, by whatever names them.
  static void endAll(PodHost host, String uid) {
    Cgroups cgroups = host.containers().machine().cgroups();
    List<String> groups = cgroups.list(host.node() + "/" + uid);
    groups.forEach(group -> cgroups.existing(group).kill());
    host.containers().keepers().stream()
        .filter(k -> k.below(host.podDir(uid)))
        .forEach(host.containers()::end);
    groups.forEach(group -> cgroups.existing(group).remove());
  }

  private static List<Path> children(Path dir) {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
