package dev.berth.agent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Cidr;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentConfigTest {
  @TempDir Path dir;

  private static Path real(Path data) {
    return new AgentConfig(
            data, Path.of("/run/x"), data, "n", "127.0.0.1", 0, true, Cidr.parse("10.0.0.0/16"))
        .real()
        .dataDir();
  }

  /// As one is moved to a larger disk: mounts are found, and paths in volumes opened, by what it
  /// leads to.
  @Test
  void aDataDirectoryThatIsALinkIsWhatItLeadsTo() throws Exception {
    Path there = Files.createDirectories(dir.toRealPath().resolve("large/berth"));
    Path link = Files.createSymbolicLink(dir.resolve("berth"), there);
    assertEquals(there, real(link));
    assertEquals(there.resolve("new"), real(link.resolve("new")));
  }
}
