package dev.berth.agent.build;

import dev.berth.agent.logs.LogRotation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The builder's own lines in a build's log, between what the steps print.
final class BuildLog {
  private static final Logger LOG = LoggerFactory.getLogger(BuildLog.class);
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
      LogRotation.drop(file);
    } catch (IOException e) {
      // The first line says so too, inside of the build, which then ends with its cause.
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("why", e.getMessage())
          .log("there is no room for the log of a build");
    }
  }

  Path file() {
    return file;
  }

  /// What the status says too: it may be the full disk itself that is told.
  void lastLine(String text) {
    try {
      line(text);
    } catch (UncheckedIOException e) {
      LOG.atWarn()
          .addKeyValue("file", file)
          .addKeyValue("why", e.getMessage())
          .log("the log of a build lacks its end");
    }
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
