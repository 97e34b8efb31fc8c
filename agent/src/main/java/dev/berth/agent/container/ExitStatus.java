package dev.berth.agent.container;

import java.time.Instant;
import java.util.regex.Pattern;

/// How a container ended: an exit code (128 + signal when a signal ended it), when, and whether
/// memory ran out.
public record ExitStatus(int code, int signal, Instant at, boolean outOfMemory) {
  private static final Pattern LINE = Pattern.compile("[0-9]{1,10} [0-9]{10,19}\n");

  /// Whether a keeper wrote this, all of it.
  static boolean readable(String text) {
    return LINE.matcher(text).matches();
  }

  /// From the raw wait status and time that the keeper wrote: `status nanoseconds`.
  static ExitStatus parse(String text, boolean outOfMemory) {
    String[] fields = text.strip().split(" ", 2);
    int status = (int) Long.parseLong(fields[0]);
    long nanos = Long.parseLong(fields[1]);
    int signal = status & 0x7f;
    int code = signal == 0 ? status >> 8 & 0xff : 128 + signal;
    return new ExitStatus(
        code,
        signal,
        Instant.ofEpochSecond(nanos / 1_000_000_000, nanos % 1_000_000_000),
        outOfMemory);
  }

  public boolean success() {
    return code == 0;
  }
}
