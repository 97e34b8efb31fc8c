package dev.berth.cli.talk;

import dev.berth.api.Printable;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;

/// Prints lines of several pods, each behind its pod's name, aligned, a colour per pod.
final class LinePrinter {
  private final Terminal terminal;
  private final boolean prefixed;
  private int width;
  private boolean printed;

  LinePrinter(Terminal terminal, boolean prefixed) {
    this.terminal = terminal;
    this.prefixed = prefixed;
  }

  synchronized void expect(String pod) {
    width = Math.max(width, pod.length());
  }

  synchronized void print(String pod, String line) {
    printed = true;
    String text = Printable.text(line).replace("\n", "\\n");
    if (prefixed) {
      String name = Printable.line(pod);
      String prefix = name + " ".repeat(Math.max(0, width - name.length())) + " | ";
      text = Paint.forName(pod).of(prefix, terminal.coloursInData()) + text;
    }
    terminal.data(text);
  }

  synchronized boolean hasPrinted() {
    return printed;
  }

  /// False once a line could not be written.
  synchronized boolean isRead() {
    return terminal.dataIsTaken();
  }

  synchronized void flush() {
    terminal.flush();
  }
}
