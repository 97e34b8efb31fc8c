package dev.berth.cli.progress;

import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// How far a long stream of bytes is: one line that moves on a terminal, one line at the end
/// elsewhere.
public final class Meter {
  private static final Duration REDRAW = Duration.ofMillis(100);

  private final Terminal terminal;
  private final InstantSource clock;
  private final String what;
  private final Instant begun;
  private Instant drawn = Instant.EPOCH;
  private long bytes;

  public Meter(Terminal terminal, InstantSource clock, String what) {
    this.terminal = terminal;
    this.clock = clock;
    this.what = what;
    this.begun = clock.instant();
  }

  /// A `total` of 0 is not known.
  public void at(long read, long total) {
    bytes = read;
    Instant now = clock.instant();
    if (terminal.progressIsSeen() && Duration.between(drawn, now).compareTo(REDRAW) >= 0) {
      drawn = now;
      terminal.draw("\r" + line(total) + "\u001b[K");
    }
  }

  public void done() {
    terminal.draw(terminal.progressIsSeen() ? "\r\u001b[K" : "");
    terminal.say(line(0));
  }

  private String line(long total) {
    String share =
        total > 0 ? bytes * 100 / total + "% of " + Spans.bytes(total) : Spans.bytes(bytes);
    return String.format(
        "%-11s %s, %s", what, share, Spans.format(Duration.between(begun, clock.instant())));
  }
}
