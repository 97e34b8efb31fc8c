package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.linux.JnaSyscalls;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
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
    Syscalls sys = new JnaSyscalls();
    sync(sys);
    int directories = 3;
    assertEquals(102_400 + 4096 + 4096 + directories * 4096, DiskUse.of(sys, dir));
    assertEquals(0, DiskUse.of(sys, dir.resolve("gone")));
  }

  /// Blocks are given when the kernel writes, not when we do.
  private void sync(Syscalls sys) {
    int fd = sys.openat(Linux.AT_FDCWD, dir.toString(), Linux.O_RDONLY | Linux.O_CLOEXEC, 0);
    sys.syncfs(fd);
    sys.close(fd);
  }

  @Test
  void holesAreNoDisk() throws Exception {
    Syscalls sys = new JnaSyscalls();
    try (java.io.RandomAccessFile file =
        new java.io.RandomAccessFile(dir.resolve("sparse").toFile(), "rw")) {
      file.setLength(10L << 30);
    }
    assertEquals(4096 + 4096, DiskUse.of(sys, dir));
  }

  /// `fallocate -n` takes disk and leaves the size as it was.
  @Test
  void diskThatIsTakenBeyondTheSizeCounts() throws Exception {
    Path file = Files.createFile(dir.resolve("taken"));
    Process taking =
        new ProcessBuilder("fallocate", "-n", "-l", "1M", file.toString()).inheritIO().start();
    assertEquals(0, taking.waitFor());
    assertEquals((1 << 20) + 4096, DiskUse.of(new JnaSyscalls(), dir));
  }
}
