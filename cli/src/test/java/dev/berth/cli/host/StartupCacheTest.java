package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupCacheTest {
  @TempDir Path dir;

  @Test
  void theRehearsalRunsWithTheFlagsOfTheServerSinceACacheFitsNoOthers() {
    List<String> own =
        List.of(
            "/jdk/bin/java",
            "-XX:+UseSerialGC",
            "-XX:AOTCache=/lib/berth.aot",
            "-Dberth.aot=/lib/berth.aot",
            "-cp",
            "/lib/a.jar:/lib/b.jar",
            "dev.berth.cli.Main",
            "up",
            "--port",
            "7443");

    assertEquals(
        List.of(
            "nice",
            "-n",
            "19",
            "/jdk/bin/java",
            "-XX:+UseSerialGC",
            "-cp",
            "/lib/a.jar:/lib/b.jar",
            "dev.berth.cli.Main",
            "rehearse"),
        StartupCache.command(own));
  }

  @Test
  void aCommandLineThatIsNotOursIsLeftAlone() {
    assertEquals(List.of(), StartupCache.command(List.of()));
    assertEquals(List.of(), StartupCache.command(List.of("java", "-cp", "a", "Other")));
  }

  @Test
  void aChildThatTheEndCameTooEarlyForEndsToo() throws Exception {
    Process child = new ProcessBuilder("sleep", "1000").start();
    Thread.currentThread().interrupt();

    assertThrows(InterruptedException.class, () -> StartupCache.await(child));

    assertNotEquals(0, child.waitFor());
  }

  @Test
  void anotherJarAnotherKey() throws IOException {
    Path jar = Files.writeString(dir.resolve("a.jar"), "a");
    List<String> own = List.of("java", "-cp", jar.toString(), "dev.berth.cli.Main", "up");
    String before = StartupCache.key(own);
    assertEquals(before, StartupCache.key(own));

    Files.writeString(jar, "bb");

    assertNotEquals(before, StartupCache.key(own));
    Files.delete(jar);
    assertNotEquals(before, StartupCache.key(own));
  }
}
