package dev.berth.agent.container;

import java.nio.file.Path;
import java.util.Optional;

/// After a crash of the agent: finds a container again by its state directory. It still runs when
/// its keeper does (pid and start time agree); otherwise its exit file tells how it ended, and
/// without one (the machine restarted) it was lost.
final class AdoptContainers {
  private AdoptContainers() {}

  static Optional<Container> adopt(Path dir) {
    return StateFile.read(dir);
  }

  static boolean running(Container c) {
    return StateFile.exit(c.dir()).isEmpty()
        && c.keeperStart() != 0
        && Machine.startTime(c.keeper()) == c.keeperStart();
  }
}
