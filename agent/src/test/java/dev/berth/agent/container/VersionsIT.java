package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Containers that an agent of another version started: an older one with the first keeper there
/// was, and newer ones that write more than we know.
class VersionsIT {
  private static final String SERVE =
      "trap 'echo bye; exit 3' TERM; echo up; while true; do sleep 0.1; done";

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

  /// A machine whose containers get the first keeper.
  private Machine first() throws Exception {
    Path source = dir.resolve("first-init.c");
    Path binary = dir.resolve("first-init");
    try (InputStream in = VersionsIT.class.getResourceAsStream("first-init.c")) {
      Files.write(source, Objects.requireNonNull(in).readAllBytes());
    }
    List<String> cc =
        List.of(
            "cc",
            "-O2",
            "-static",
            "-nostdlib",
            "-ffreestanding",
            "-fno-builtin",
            "-fno-stack-protector",
            "-fno-pie",
            "-no-pie",
            "-Wl,-z,noseparate-code",
            "-s");
    Process compiler =
        new ProcessBuilder(
                java.util.stream.Stream.concat(
                        cc.stream(),
                        java.util.stream.Stream.of("-o", binary.toString(), source.toString()))
                    .toList())
            .inheritIO()
            .start();
    assertEquals(0, compiler.waitFor());
    Syscalls sys = new JnaSyscalls();
    int helper = sys.memfdCreate("first", Linux.MFD_CLOEXEC);
    sys.pwrite(helper, Files.readAllBytes(binary), 0);
    Machine own = box.containers.machine();
    return new Machine(sys, own.cgroups(), helper, own.clock());
  }

  private static void await(java.util.function.BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "not within 20 s");
      LockSupport.parkNanos(5_000_000);
    }
  }

  private boolean says(String words) {
    try {
      return box.log("old").contains(words);
    } catch (Exception e) {
      return false;
    }
  }

  /// What else an agent does with a container: commands, a log that is rotated away, the end.
  private void works(ContainerSpec spec, Container c) throws Exception {
    assertEquals(
        "box\n",
        box.containers.exec(c, spec, List.of("hostname"), Duration.ofSeconds(10)).output());
    Files.move(spec.log(), dir.resolve("rotated"));
    box.containers.reopenLog(c);
    await(() -> Files.exists(spec.log()));
    box.containers.terminate(c);
    assertEquals(3, box.containers.exit(c).get(20, TimeUnit.SECONDS).code());
    assertTrue(says(" F bye\n"));
    box.containers.delete(c);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFirstKeepersContainersAreAdopted(boolean withFile) throws Exception {
    ContainerSpec spec = box.spec("old", "sh", "-c", SERVE);
    try (Containers older = new Containers(first())) {
      Container started = older.start(spec);
      await(() -> says("up"));
      Path file = spec.dir().resolve(Container.FILE);
      if (withFile) {
        Files.writeString(
            file,
            Files.readString(file)
                .replace("\"format\":1", "\"dir\":\"file://" + spec.dir() + "\""));
      } else {
        Files.delete(file);
      }
      Container c = box.containers.adopt(spec.dir(), spec.id(), spec.cgroup()).orElseThrow();
      assertEquals(started.pid(), c.pid());
      works(spec, c);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"format\":1,\"colour\":\"red\"", "\"format\":2", "\"format\":999"})
  void aNewerAgentsContainersAreAdopted(String format) throws Exception {
    ContainerSpec spec = box.spec("old", "sh", "-c", SERVE);
    Container started = box.containers.start(spec);
    await(() -> says("up"));
    Path file = spec.dir().resolve(Container.FILE);
    Files.writeString(file, Files.readString(file).replace("\"format\":1", format));
    Container c = box.containers.adopt(spec.dir(), spec.id(), spec.cgroup()).orElseThrow();
    assertEquals(started.pid(), c.pid());
    works(spec, c);
  }
}
