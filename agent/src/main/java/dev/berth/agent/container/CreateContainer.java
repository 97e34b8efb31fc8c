package dev.berth.agent.container;

import dev.berth.agent.cgroup.Cgroup;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/// First verb: the directories of the overlay and the cgroup with its limits. Nothing runs yet.
final class CreateContainer {
  private final Machine machine;

  CreateContainer(Machine machine) {
    this.machine = machine;
  }

  Cgroup create(ContainerSpec spec) {
    try {
      for (String part : new String[] {"upper", "work", "rootfs"}) {
        Files.createDirectories(spec.dir().resolve(part));
      }
      Files.createDirectories(spec.log().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException("container " + spec.id() + ": cannot make " + spec.dir(), e);
    }
    return machine.cgroups().create(spec.cgroup(), spec.limits());
  }
}
