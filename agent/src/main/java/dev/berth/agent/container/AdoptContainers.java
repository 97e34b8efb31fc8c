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

  /// One whose start was complete, as its file says; nothing is looked for and nothing written, so
  /// that anybody may ask at any time.
  static Optional<Container> known(Path dir, String id) {
    return StateFile.read(dir).filter(c -> c.id().equals(id));
  }

  /// The container of which `dir` is the state directory; found without its file it is written down
  /// again.
  static Optional<Container> adopt(Path dir, String id, String cgroup) {
    Optional<Container> known = known(dir, id);
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

  /// Refuses one that nobody may enter. One that is still being made has the host's files as its
  /// root: until its execve its first process runs the helper, as its keeper does. Asked when a
  /// descriptor of that process is there, whose number may have been another's.
  static void requireEntered(Container c) {
    if (runsHelper(c) || !running(c) || !Machine.alive(c.pid(), c.pidStart())) {
      throw new ContainerException("container " + c.id() + " is not running");
    }
  }

  private static boolean runsHelper(Container c) {
    try {
      return Files.isSameFile(program(c.pid()), program(c.keeper()));
    } catch (IOException e) {
      return true; // one of them has ended
    }
  }

  private static Path program(int pid) {
    return Path.of("/proc", Integer.toString(pid), "exe");
  }
}
