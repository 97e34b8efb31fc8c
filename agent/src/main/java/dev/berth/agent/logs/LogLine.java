package dev.berth.agent.logs;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/// One line of a log file: `2026-11-22T18:00:00.123456789Z stdout F text`. A line that was too long
/// comes in parts (P).
@SuppressWarnings("ArrayRecordComponent") // bytes on their way out, never compared
public record LogLine(Instant time, String stream, boolean complete, byte[] text) {
  static Optional<LogLine> parse(byte[] line, int length) {
    String head = new String(line, 0, Math.min(length, 64), StandardCharsets.ISO_8859_1);
    int first = head.indexOf(' ');
    int second = head.indexOf(' ', first + 1);
    int third = head.indexOf(' ', second + 1);
    if (first < 0 || second < 0 || third < 0) {
      return Optional.empty();
    }
    try {
      byte[] text = java.util.Arrays.copyOfRange(line, third + 1, length);
      return Optional.of(
          new LogLine(
              Instant.parse(head.substring(0, first)),
              head.substring(first + 1, second),
              head.charAt(second + 1) == 'F',
              text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /// As a user sees it, with or without the time, with the line's end when it has one.
  byte[] render(boolean timestamp) {
    byte[] prefix = timestamp ? (time + " ").getBytes(StandardCharsets.US_ASCII) : new byte[0];
    byte[] out = new byte[prefix.length + text.length + (complete ? 1 : 0)];
    System.arraycopy(prefix, 0, out, 0, prefix.length);
    System.arraycopy(text, 0, out, prefix.length, text.length);
    if (complete) {
      out[out.length - 1] = '\n';
    }
    return out;
  }
}
