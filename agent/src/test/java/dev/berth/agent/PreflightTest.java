package dev.berth.agent;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreflightTest {
  @TempDir Path dir;

  private AgentConfig config(Path dataDir) {
    return new AgentConfig(
        dataDir,
        dir.resolve("run"),
        dataDir.resolve("agent.kubeconfig"),
        "n",
        "127.0.0.1",
        0,
        true,
        Cidr.parse("10.96.0.0/16"));
  }

  /// Else they end up in the home directory, which may forbid execution and is nobody's to tidy.
  @Test
  void nativeLibrariesAreUnpackedInTheDataDirectory() throws IOException {
    Path dataDir = Files.createDirectory(dir.resolve("data"));
    Preflight.run(config(dataDir));
    assertTrue(Files.isDirectory(dataDir.resolve("lib")));
  }

  @Test
  void aHostWithoutADataDirectoryIsOnlyLookedAt() {
    Preflight.run(config(dir.resolve("none")));
    assertFalse(Files.exists(dir.resolve("none")));
  }
}
