package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.cgroup.Cgroups;
import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.cgroup.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One container that runs into each of its limits, on whichever version of control groups is here.
class LimitsIT {
  private static final long MEMORY = 8 << 20;
  private static final long PROCESSES = 20;
  private static final int SIGUSR1 = 10;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

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

  @Test
  void processorProcessesAndMemoryAreHeld() throws Exception {
    String script =
        """
        go=; trap 'go=1' USR1
        (for i in $(seq 30); do sleep 60 & done) 2>/dev/null
        kill -9 -1; wait
        while [ -z "$go" ]; do :; done
        head -c 20000000 /dev/zero > /dev/shm/x
        """;
    Limits limits = new Limits(50, OptionalLong.of(500), OptionalLong.of(MEMORY), PROCESSES);
    Container c = box.containers.start(box.spec("held", "sh", "-c", script).limited(limits));
    await(() -> box.containers.limited(c).refusedForks() > 0);
    await(() -> throttled(c) > 0);
    assertTrue(box.containers.usage(c).cpuNanos() > 0);
    box.containers.signal(c, SIGUSR1);
    ExitStatus exit = box.containers.exit(c).get(120, TimeUnit.SECONDS);
    Limited seen = box.containers.limited(c);
    box.containers.delete(c);
    assertTrue(exit.code() != 0, exit::toString);
    assertTrue(seen.oomKills() > 0, seen::toString);
    assertEquals(MEMORY, seen.memoryLimit());
    assertEquals(PROCESSES, seen.processLimit());
    assertTrue(seen.memoryPeak() > MEMORY / 2 && seen.memoryPeak() <= MEMORY, seen::toString);
  }

  /// In how many periods it wanted more processor than it may have.
  private static long throttled(Container c) {
    return Stream.of("", "cpu", "cpu,cpuacct")
        .map(hierarchy -> Path.of("/sys/fs/cgroup", hierarchy, Cgroups.ROOT, c.cgroup()))
        .mapToLong(group -> Cgroups.field(group.resolve("cpu.stat"), "nr_throttled").orElse(0))
        .max()
        .orElse(0);
  }

  private interface Condition {
    boolean holds();
  }

  private static void await(Condition condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.holds()) {
      assertTrue(System.nanoTime() < end, "its limits do not hold it");
      LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
    }
  }
}
