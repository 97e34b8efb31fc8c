package dev.berth.agent.build;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildLogTest {
  @TempDir Path dir;

  /// A build that ends because the disk is full must not stop short of saying so in its status.
  @Test
  void theLastLineMayBeLostToAFullDisk() throws IOException {
    BuildLog log = new BuildLog(dir.resolve("build.log"), Clock.systemUTC());
    Files.createSymbolicLink(log.file(), Path.of("/dev/full"));
    assertThrows(UncheckedIOException.class, () -> log.line("a step"));
    assertDoesNotThrow(() -> log.lastLine("failed: no space is left"));
  }
}
