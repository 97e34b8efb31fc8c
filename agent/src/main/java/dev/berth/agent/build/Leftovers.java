package dev.berth.agent.build;

import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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

  static void endContainers(BuildHost host, Path dir) {
    try (Stream<Path> states = Files.find(dir, 4, (p, _) -> p.endsWith("container.json"))) {
      states
          .map(p -> p.resolveSibling(""))
          .map(Path::normalize)
          .forEach(
              d ->
                  host.containers()
                      .adopt(d)
                      .ifPresent(
                          c -> {
                            host.containers().kill(c);
                            host.containers().exit(c).join();
                            host.containers().delete(c);
                          }));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
