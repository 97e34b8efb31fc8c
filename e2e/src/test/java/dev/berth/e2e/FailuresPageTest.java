package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FailuresPageTest {
  private static final Path PAGE = Path.of("..", "docs", "failures.md");

  /// With `-Dgolden=write` the page is made anew.
  @Test
  void thePageIsWhatTheGoldenFilesSay() throws IOException {
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(PAGE, FailuresPage.text());
    }
    assertEquals(FailuresPage.text(), Files.exists(PAGE) ? Files.readString(PAGE) : "");
  }

  @Test
  void eachGoldenFileBelongsToAFailure() throws IOException {
    Set<String> names =
        Failures.EVERY.stream().map(f -> f.name() + ".txt").collect(Collectors.toSet());
    try (Stream<Path> files = Files.list(Transcript.file("any").getParent())) {
      assertEquals(
          List.of(),
          files.map(f -> f.getFileName().toString()).filter(f -> !names.contains(f)).toList());
    }
  }
}
