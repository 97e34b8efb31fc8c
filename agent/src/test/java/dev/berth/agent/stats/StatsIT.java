package dev.berth.agent.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.Sandbox;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What real containers use.
class StatsIT {
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

  private ContainerSpec spec(String name, String script) {
    return box.spec(
        name,
        dir.resolve("c-" + name),
        box.node() + "/uid-1/" + name,
        dir.resolve(name + ".log"),
        "sh",
        "-c",
        script);
  }

  @Test
  void theNewestAttemptThatRunsIsTold() throws Exception {
    box.containers.exit(box.containers.start(spec("over-0", "true"))).get(20, TimeUnit.SECONDS);
    box.containers.exit(box.containers.start(spec("web-0", "true"))).get(20, TimeUnit.SECONDS);
    Container c = box.containers.start(spec("web-1", "while :; do :; done"));
    Stats stats = new Stats(box.containers, box.node());
    long before = use(stats).cpuNanos();
    while (use(stats).cpuNanos() <= before) {
      java.util.concurrent.locks.LockSupport.parkNanos(10_000_000);
    }
    assertTrue(use(stats).memoryBytes() > 0);
    box.containers.kill(c);
    box.containers.exit(c).get(20, TimeUnit.SECONDS);
    for (String name : List.of("over-0", "web-0", "web-1")) {
      box.containers.delete(box.node() + "/uid-1/" + name, dir.resolve("c-" + name));
    }
    assertEquals(List.of(), stats.pod("uid-1"));
  }

  private static Stats.Use use(Stats stats) {
    List<Stats.Use> all = stats.pod("uid-1");
    assertEquals(List.of("web"), all.stream().map(Stats.Use::name).toList());
    return all.getFirst();
  }

  @Test
  void theHostsTimeIsWhatIsNotIdle() {
    assertEquals(1 + 2 + 3 + 6 + 7 + 8, Stats.busyTicks("cpu  1 2 3 1000 2000 6 7 8 1 2"));
    Stats.Use host = new Stats(box.containers, "here").host();
    assertTrue(host.cpuNanos() > 0 && host.memoryBytes() > 0, host::toString);
  }
}
