package dev.berth.agent.build;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;

/// The builder's own lines in a build's log, between what the steps print.
final class BuildLog {
  private final Path file;
  private final Clock clock;

  BuildLog(Path file, Clock clock) {
    this.file = file;
    this.clock = clock;
    try {
      Path dir = file.getParent();
      if (dir != null) {
        Files.createDirectories(dir);
      }
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path file() {
    return file;
  }

  void line(String text) {
    StringBuilder out = new StringBuilder();
    text.lines()
        .forEach(l -> out.append(clock.instant()).append(" stdout F ").append(l).append('\n'));
    try {
      Files.writeString(file, out, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
