package dev.berth.agent.container;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/// After a crash of the agent: finds a container again. What is asked, in this order:
///
/// ```
/// container.json     written when the start was complete
/// the keeper         also of a start that was cut short, or whose file is damaged
/// the exit file      the keeper is gone: the container has ended, and this is how
/// ```
///
/// It still runs when its keeper does (pid and start time agree); otherwise its exit file tells how
/// it ended, and without one (the machine restarted) it was lost.
final class AdoptContainers {
  private AdoptContainers() {}

  /// The container of which `dir` is the state directory; found without its file it is written down
  /// again.
  static Optional<Container> adopt(Path dir, String id, String cgroup) {
    Optional<Container> known = StateFile.read(dir).filter(c -> c.id().equals(id));
    if (known.isPresent() || !Files.isDirectory(dir)) {
      return known;
    }
    Optional<Container> found =
        Keeper.all().stream()
            .filter(k -> k.id().equals(id) && k.keeps(dir))
            .flatMap(k -> k.container(dir, cgroup).stream())
            .findFirst()
            .or(() -> ended(dir, id, cgroup));
    found.ifPresent(StateFile::write);
    return found;
  }

  private static Optional<Container> ended(Path dir, String id, String cgroup) {
    return StateFile.exit(dir).map(_ -> lost(dir, id, cgroup, began(dir)));
  }

  /// One without processes, of which only the name is left.
  static Container lost(Path dir, String id, String cgroup, Instant began) {
    return new Container(id, dir, cgroup, 0, 0, 0, 0, began);
  }

  /// The start's last act before the launch was to write down who runs.
  private static Instant began(Path dir) {
    Path identity = dir.resolve(Identity.FILE);
    try {
      return Files.getLastModifiedTime(Files.exists(identity) ? identity : dir.resolve("upper"))
          .toInstant();
    } catch (IOException e) {
      return Instant.EPOCH;
    }
  }

  static boolean running(Container c) {
    return Machine.alive(c.keeper(), c.keeperStart());
  }
}
