package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Syscalls;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An agent that dies in the middle of a start: at every system call that it makes for it.
class InterruptedStartIT {
  private static final String LINES =
      "i=0; while [ $i -lt 12 ]; do echo line $i; i=$((i+1)); done; exit 5";

  @TempDir Path dir;
  private Sandbox box;

  @BeforeEach
  void start() throws Exception {
    box = new Sandbox(dir);
  }

  @AfterEach
  void stop() {
    box.close();
  }

  /// Stands for the kill: nothing catches it, and afterwards only descriptors are closed, as the
  /// kernel does for the dead.
  private static final class Died extends Error {
    private static final long serialVersionUID = 1;
  }

  private static final class Mortal {
    private final Syscalls real = new JnaSyscalls();
    private int left = Integer.MAX_VALUE;

    Syscalls syscalls() {
      return (Syscalls)
          Proxy.newProxyInstance(
              Syscalls.class.getClassLoader(),
              new Class<?>[] {Syscalls.class},
              (_, method, arguments) -> {
                boolean closes = method.getName().equals("close");
                if (!closes && left-- <= 0) {
                  throw new Died();
                }
                try {
                  return method.invoke(real, arguments);
                } catch (InvocationTargetException e) {
                  throw e.getCause();
                }
              });
    }
  }

  /// True when the agent died in it, after so many calls.
  private boolean start(ContainerSpec spec, int dyingAfter) {
    Mortal mortal = new Mortal();
    Machine m = box.containers.machine();
    Machine dying = new Machine(mortal.syscalls(), m.cgroups(), m.helper(), m.clock());
    mortal.left = dyingAfter;
    try {
      new StartContainer(dying).start(spec, new CreateContainer(dying).create(spec));
      return false;
    } catch (Died e) {
      return true;
    }
  }

  private ExitStatus recover(ContainerSpec spec) throws Exception {
    Container c =
        box.containers
            .adopt(spec.dir(), spec.id(), spec.cgroup())
            .orElseGet(
                () -> {
                  box.containers.wipe(spec.dir(), spec.id(), spec.cgroup());
                  return box.containers.start(spec);
                });
    ExitStatus exit = box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
    return exit;
  }

  private List<String> lines(String name) throws Exception {
    return box.log(name).lines().map(l -> l.replaceFirst("^.* F ", "")).toList();
  }

  private static final List<String> WANTED =
      IntStream.range(0, 12).mapToObj(i -> "line " + i).toList();

  @Test
  void aStartThatIsCutShortAnywhereRunsOnceAndLosesNoLine() throws Exception {
    int calls = 0;
    for (boolean died = true; died; calls++) {
      String name = "cut-" + calls;
      ContainerSpec spec = box.spec(name, "sh", "-c", LINES);
      died = start(spec, calls);
      assertEquals(5, recover(spec).code(), name);
      assertEquals(WANTED, lines(name), name);
    }
    assertTrue(calls > 15, "calls of a start: " + calls);
  }

  @Test
  void oneThatEndedBeforeAnybodyLookedKeepsItsExitAndIsNotRunAgain() throws Exception {
    ContainerSpec spec = box.spec("ended", "sh", "-c", LINES);
    Container c = box.containers.start(spec);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    Files.delete(spec.dir().resolve(Container.FILE));
    assertEquals(5, recover(spec).code());
    assertEquals(WANTED, lines("ended"));
  }

  @Test
  void aCommandThatNeverRanLeavesNoExitOfItsOwn() {
    ContainerSpec spec = box.spec("none", "/no/such/program");
    assertThrows(ContainerException.class, () -> start(spec, Integer.MAX_VALUE));
    assertTrue(box.containers.adopt(spec.dir(), spec.id(), spec.cgroup()).isEmpty());
    box.containers.wipe(spec.dir(), spec.id(), spec.cgroup());
  }
}
