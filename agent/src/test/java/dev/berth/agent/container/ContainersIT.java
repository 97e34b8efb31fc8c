package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContainersIT {
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

  private ExitStatus run(ContainerSpec spec) throws Exception {
    Container c = box.containers.start(spec);
    ExitStatus exit = box.containers.exit(c).get(20, TimeUnit.SECONDS);
    box.containers.delete(c);
    return exit;
  }

  @Test
  void runsInAllNamespacesLogsAndExits() throws Exception {
    ExitStatus exit =
        run(
            box.spec(
                "hello",
                "sh",
                "-c",
                "echo out; echo err >&2; hostname; echo pid $$; grep -E 'Cap|Seccomp|NoNewPrivs' /proc/self/status; ls /proc/self/fd; exit 7"));
    String log = box.log("hello");
    System.err.println(log);
    assertEquals(7, exit.code());
    assertTrue(log.contains(" stdout F out\n"));
    assertTrue(log.contains(" stderr F err\n"));
    assertTrue(log.contains(" stdout F box\n"));
    assertTrue(log.contains(" stdout F pid 1\n"));
  }
}
