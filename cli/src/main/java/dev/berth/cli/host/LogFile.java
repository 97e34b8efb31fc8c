package dev.berth.cli.host;

import dev.berth.api.Printable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.logging.FileHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/// `berth.log`: one line per record, time first, level, short logger name, message with its keys.
final class LogFile {
  private static final int BYTES = 20 << 20;

  private LogFile() {}

  /// From now on everything that is logged goes there, and nowhere else.
  static void open(Path file) throws IOException {
    Logger root = Logger.getLogger("");
    for (Handler handler : root.getHandlers()) {
      root.removeHandler(handler);
    }
    rotate(file);
    FileHandler handler = new FileHandler(escape(file), 0, 1, true);
    handler.setFormatter(new Line());
    handler.setEncoding("UTF-8");
    root.addHandler(handler);
    root.setLevel(Level.INFO);
  }

  /// The lines written since `offset`, the last `count` of them.
  static List<String> tail(Path file, long offset, int count) {
    try (var channel = Files.newByteChannel(file)) {
      long start = Math.max(offset, channel.size() - (64 << 10));
      channel.position(Math.min(start, channel.size()));
      byte[] bytes = java.nio.channels.Channels.newInputStream(channel).readAllBytes();
      List<String> lines =
          new String(bytes, java.nio.charset.StandardCharsets.UTF_8).lines().toList();
      return lines.subList(Math.max(0, lines.size() - count), lines.size());
    } catch (IOException e) {
      return List.of("(cannot read " + file + ": " + e.getMessage() + ")");
    }
  }

  /// One old file is kept; rotation happens at start only, so a running log is never cut.
  private static void rotate(Path file) throws IOException {
    if (Files.exists(file) && Files.size(file) > BYTES) {
      Files.move(
          file,
          file.resolveSibling("berth.log.1"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /// FileHandler reads its argument as a pattern where % is special.
  private static String escape(Path file) {
    return file.toString().replace("%", "%%");
  }

  private static final class Line extends Formatter {
    @Override
    public String format(LogRecord record) {
      return record.getInstant().truncatedTo(ChronoUnit.MILLIS)
          + " "
          + level(record.getLevel())
          + " "
          + shortName(record.getLoggerName())
          + " "
          + Printable.line(formatMessage(record))
          + System.lineSeparator()
          + trace(record.getThrown());
    }

    private static String level(Level level) {
      return level.intValue() >= Level.SEVERE.intValue()
          ? "ERROR"
          : level.intValue() >= Level.WARNING.intValue() ? "WARN " : "INFO ";
    }

    private static String shortName(@org.jspecify.annotations.Nullable String name) {
      return name == null
          ? "-"
          : name.startsWith("dev.berth.") ? name.substring("dev.berth.".length()) : name;
    }

    private static String trace(@org.jspecify.annotations.Nullable Throwable thrown) {
      StringBuilder text = new StringBuilder();
      for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
        text.append(text.isEmpty() ? "  " : "  caused by ").append(cause).append('\n');
        for (StackTraceElement frame : cause.getStackTrace()) {
          text.append("    at ").append(frame).append('\n');
        }
      }
      return text.toString();
    }
  }
}
