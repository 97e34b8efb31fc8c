package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodFilesTest {
  private static final long LARGER_THAN_AN_ARRAY = 3L << 30;

  @TempDir Path dir;

  /// Containers of earlier versions could write there; what they left is not read into memory.
  @Test
  void aFileThatAContainerMadeHugeIsReplacedUnread() throws Exception {
    Path hosts = dir.resolve("hosts");
    try (RandomAccessFile hole = new RandomAccessFile(hosts.toFile(), "rw")) {
      hole.setLength(LARGER_THAN_AN_ARRAY);
    }
    PodFiles.write(new Sandbox(dir, "10.244.0.9", "bv1"), "p", "n", "10.244.0.1");
    assertEquals("127.0.0.1\tlocalhost\n10.244.0.9\tp\n", Files.readString(hosts));
  }
}
