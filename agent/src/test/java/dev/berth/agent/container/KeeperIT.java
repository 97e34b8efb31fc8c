package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.linux.Linux;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the keeper does when its container has ended.
class KeeperIT {
  private static final int PIECE = 64 * 1024;
  private static final int PIECES = 128;
  private static final byte[] LINES =
      "x".repeat(7).concat("\n").repeat(PIECE / 8).getBytes(StandardCharsets.UTF_8);

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

  private static void signal(Container c, String signal) throws Exception {
    String pid = Integer.toString(c.keeper());
    assertEquals(0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
  }

  /// Writes 8 MiB in short lines, faster than they can be logged, or until nobody reads.
  private static void flood(FileOutputStream pipe) {
    try (pipe) {
      for (int i = 0; i < PIECES; i++) {
        pipe.write(LINES);
      }
    } catch (IOException e) {
      assertTrue(String.valueOf(e.getMessage()).contains("Broken pipe"), e::toString);
    }
  }

  /// The end of a pipe can be handed to another container of the pod.
  @Test
  void whoWritesOnDoesNotHoldUpTheExitStatus() throws Exception {
    Container c = box.containers.start(box.spec("ended", "sleep", "60"));
    FileOutputStream pipe = new FileOutputStream("/proc/" + c.pid() + "/fd/1");
    signal(c, "STOP");
    Thread writer = Thread.ofPlatform().start(() -> flood(pipe));
    try {
      box.containers.kill(c);
    } finally {
      signal(c, "CONT");
    }
    assertEquals(Linux.SIGKILL, box.containers.exit(c).get(60, TimeUnit.SECONDS).signal());
    writer.join();
    long logged = Files.size(dir.resolve("logs/ended.log"));
    assertTrue(logged < 8 << 20, () -> logged + " bytes were waited for");
    box.containers.delete(c);
  }
}
