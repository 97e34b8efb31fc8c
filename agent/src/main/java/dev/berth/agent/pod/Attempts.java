package dev.berth.agent.pod;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The state directories of one container, numbered by its restarts.
final class Attempts {
  private Attempts() {}

  static List<Path> newestFirst(Path dir) {
    if (!Files.isDirectory(dir)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(dir)) {
      return entries
          .filter(p -> String.valueOf(p.getFileName()).matches("[0-9]{1,9}"))
          .sorted(Comparator.comparingInt(Attempts::number).reversed())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static int number(Path dir) {
    return Integer.parseInt(String.valueOf(dir.getFileName()));
  }
}
