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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// An agent that dies in the middle of a start: at every system call that it makes for it.
class InterruptedStartIT {
  private static final String LINES =
      "i=0; while [ $i -lt 12 ]; do echo line $i; i=$((i+1)); done; exit 5";

  private static final int CONTINUE = 18;
  private static final int STOP = 19;

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

  /// A start that stands still once the container's first process is there, and how it is found.
  private record HeldStart(CompletableFuture<Container> started, Container unfinished) {}

  private HeldStart hold(ContainerSpec spec) throws Exception {
    CompletableFuture<Integer> keeper = new CompletableFuture<>();
    Machine m = box.containers.machine();
    Syscalls telling =
        (Syscalls)
            Proxy.newProxyInstance(
                Syscalls.class.getClassLoader(),
                new Class<?>[] {Syscalls.class},
                (_, method, arguments) -> {
                  Object result = method.invoke(m.sys(), arguments);
                  if (method.getName().equals("spawn")) {
                    stopChild((Integer) result);
                    keeper.complete((Integer) result);
                  }
                  return result;
                });
    Machine slow = new Machine(telling, m.cgroups(), m.helper(), m.clock());
    CompletableFuture<Container> started = new CompletableFuture<>();
    Thread.ofPlatform()
        .start(
            () -> {
              try {
                started.complete(
                    new StartContainer(slow).start(spec, new CreateContainer(slow).create(spec)));
              } catch (RuntimeException e) {
                started.completeExceptionally(e);
              }
            });
    int pid = keeper.get(20, TimeUnit.SECONDS);
    Keeper found = Keeper.all().stream().filter(k -> k.pid() == pid).findFirst().orElseThrow();
    return new HeldStart(started, found.container(spec.dir(), spec.cgroup()).orElseThrow());
  }

  /// Caught in its hundreds of mounts, long before it has a root of its own.
  private void stopChild(int keeper) {
    Optional<ProcessHandle> child = Optional.empty();
    while (child.isEmpty()) {
      child = ProcessHandle.of(keeper).stream().flatMap(ProcessHandle::children).findFirst();
    }
    box.containers.machine().sys().kill((int) child.get().pid(), STOP);
  }

  private ContainerSpec withManyMounts(String name) {
    ContainerSpec plain = box.spec(name, "sleep", "60");
    String deep = "/d".repeat(30);
    List<Tmpfs> mounts =
        IntStream.range(0, 400).mapToObj(i -> new Tmpfs(deep + i, 4096, 0755)).toList();
    return new ContainerSpec(
        plain.id(),
        plain.dir(),
        plain.cgroup(),
        plain.layers(),
        plain.command(),
        plain.environment(),
        plain.workingDirectory(),
        plain.user(),
        plain.hostname(),
        plain.namespaces(),
        plain.binds(),
        plain.limits(),
        plain.security(),
        plain.log(),
        plain.openFiles(),
        false,
        mounts,
        Input.NONE);
  }

  /// Its first process still has the host's files as its root: a command there would be the host's.
  @Test
  void nobodyEntersAContainerThatIsStillBeingMade() throws Exception {
    Path secret = Files.writeString(dir.resolve("secret"), "of the host");
    ContainerSpec spec = withManyMounts("unfinished");
    HeldStart start = hold(spec);
    Container unfinished = start.unfinished();
    try {
      assertTrue(Files.isSameFile(Path.of("/proc/" + unfinished.pid() + "/root"), Path.of("/")));
      assertTrue(box.containers.known(spec.dir(), spec.id()).isEmpty());
      List<String> command = List.of("cat", secret.toString());
      for (boolean terminal : List.of(true, false)) {
        assertNotRunning(
            () -> box.containers.open(unfinished, spec, command, false, terminal).close());
      }
      assertNotRunning(
          () -> box.containers.exec(unfinished, spec, command, Duration.ofSeconds(10)));
    } finally {
      box.containers.machine().sys().kill(unfinished.pid(), CONTINUE);
    }
    Container c = start.started().get(20, TimeUnit.SECONDS);
    assertEquals(Optional.of(c), box.containers.known(spec.dir(), spec.id()));
    List<String> command = List.of("echo", "inside");
    assertEquals(
        "inside\n",
        box.containers.exec(unfinished, spec, command, Duration.ofSeconds(10)).output());
    box.containers.wipe(spec.dir(), spec.id(), spec.cgroup());
  }

  private static void assertNotRunning(Executable entering) {
    ContainerException refusal = assertThrows(ContainerException.class, entering);
    String why = refusal + " " + refusal.getCause();
    assertTrue(why.contains("is not running"), why);
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
