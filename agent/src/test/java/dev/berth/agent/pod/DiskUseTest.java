package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiskUseTest {
  @TempDir Path dir;

  @Test
  void filesCountAndLinksLeadNowhere() throws Exception {
    Files.createDirectories(dir.resolve("a/b"));
    Files.write(dir.resolve("a/b/large"), new byte[100_000]);
    Files.write(dir.resolve("a/small"), new byte[1]);
    Files.createSymbolicLink(dir.resolve("out"), Path.of("/usr"));
    assertEquals(100_000 + 4096 + 4096, DiskUse.of(dir));
    assertEquals(0, DiskUse.of(dir.resolve("gone")));
  }
}
