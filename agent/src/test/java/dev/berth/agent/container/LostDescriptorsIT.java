package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.berth.agent.linux.ErrnoException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Ways to a running container that the kernel refuses half-way: nothing stays open of them.
class LostDescriptorsIT {
  @TempDir Path dir;
  private Sandbox box;
  private Container container;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
    container = box.containers.start(box.spec("reads", "cat").reading(Input.PIPE));
  }

  @AfterEach
  void stop() throws Exception {
    box.containers.kill(container);
    box.containers.exit(container).get(20, TimeUnit.SECONDS);
    box.containers.delete(container);
    box.close();
  }

  private Machine refusing(CountedSyscalls sys) {
    Machine m = box.containers.machine();
    return new Machine(sys.syscalls(), m.cgroups(), m.helper(), m.clock());
  }

  private static CountedSyscalls without(String call) {
    return new CountedSyscalls((name, _) -> name.equals(call));
  }

  /// An input that only the first one who talks may use is not used up by one who cannot.
  @Test
  void anInputThatCannotBeTakenIsLeftForTheNext() {
    for (String call : new String[] {"nonBlocking", "pipe", "kill"}) {
      CountedSyscalls sys = without(call);
      assertThrows(
          ErrnoException.class,
          () -> ContainerInput.open(refusing(sys), container, Input.PIPE, true),
          call);
      assertEquals(Set.of(), sys.open(), call);
    }
    ContainerInput input = box.containers.input(container, Input.PIPE, true).orElseThrow();
    input.close();
  }

  @Test
  void aTerminalThatCannotBeMadeLeavesNone() {
    for (String call : new String[] {"openat2", "ioctl", "fchown"}) {
      CountedSyscalls sys = without(call);
      ContainerException e =
          assertThrows(
              ContainerException.class,
              () -> Terminal.open(refusing(sys), container, User.ROOT),
              call);
      assertTrue(String.valueOf(e.getMessage()).contains("has no terminals"), e::toString);
      assertEquals(Set.of(), sys.open(), call);
    }
  }

  @Test
  void aDescriptorThatCannotBeMovedIsClosed() {
    CountedSyscalls sys = without("duplicate");
    int read = sys.syscalls().pipe(0)[0];
    int open = sys.open().size();
    assumeTrue(read < 100, "only low numbers are moved, and all of those are taken");
    try (Descriptors fds = new Descriptors(sys.syscalls())) {
      assertThrows(ErrnoException.class, () -> fds.own(read));
    }
    assertEquals(open - 1, sys.open().size());
    sys.open().forEach(fd -> sys.syscalls().close((Integer) fd));
  }
}
