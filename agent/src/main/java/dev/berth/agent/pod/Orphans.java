package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.image.FileTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Removes a pod of which only this host still knows: its object went while the agent was away.
final class Orphans {
  private Orphans() {}

  static void remove(PodHost host, String uid) {
    for (Path containerDir : children(host.podDir(uid))) {
      for (Path attempt : Attempts.newestFirst(containerDir)) {
        host.containers().adopt(attempt).ifPresent(c -> end(host, c));
        host.containers()
            .delete(
                host.node()
                    + "/"
                    + uid
                    + "/"
                    + containerDir.getFileName()
                    + "-"
                    + Attempts.number(attempt),
                attempt);
      }
    }
    host.network().detach(uid);
    FileTree.delete(host.podDir(uid));
  }

  private static void end(PodHost host, Container c) {
    host.containers().kill(c);
    host.containers().exit(c).join();
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
