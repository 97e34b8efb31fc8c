package dev.berth.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.agent.linux.JnaSyscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PayloadDirTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path dir;

  private static Content.Entry entry(String text) {
    return new Content.Entry(text.getBytes(StandardCharsets.UTF_8), 0644);
  }

  /// It is tried again and again: what each try left would fill the disk that is full already.
  @Test
  void aWriteThatFailsLeavesTheOldFilesAndNothingElse() throws IOException {
    PayloadDir payload = new PayloadDir(new JnaSyscalls(), dir, OptionalInt.empty());
    payload.write(new Content(Map.of("a", entry("old")), 0755), NOW);
    Content noTree = new Content(Map.of("a", entry("new"), "a/b", entry("below a file")), 0755);
    for (int i = 1; i < 4; i++) {
      Instant later = NOW.plusSeconds(i);
      assertThrows(UncheckedIOException.class, () -> payload.write(noTree, later));
    }
    assertEquals("old", Files.readString(dir.resolve("a")));
    try (Stream<Path> entries = Files.list(dir)) {
      assertEquals(3, entries.count(), "the link, ..data, and what it points to");
    }
  }
}
