package dev.berth.api.script;

import java.util.List;

/// The lines of a script, and how a place in them is shown.
///
/// @param lines without their ends
record Source(String file, List<String> lines) {
  private static final int WIDTH = 100;
  private static final int BEFORE = 60;

  static Source of(String file, String text) {
    String body = text.startsWith("\uFEFF") ? text.substring(1) : text;
    return new Source(file, body.lines().toList());
  }

  /// Lines and columns count from 1.
  Problem problem(int line, int column, String message) {
    return new Problem(file, line, column, message, caret(line, column));
  }

  private String caret(int line, int column) {
    if (line < 1 || line > lines.size()) {
      return "";
    }
    String text = lines.get(line - 1);
    int at = Math.clamp(column - 1L, 0, text.length());
    int start = Math.max(0, at - BEFORE);
    int end = Math.min(text.length(), start + WIDTH);
    String number = "  " + line;
    return number
        + " | "
        + printable(text.substring(start, end))
        + "\n"
        + " ".repeat(number.length())
        + " | "
        + " ".repeat(at - start)
        + "^";
  }

  /// One column per character, and nothing that moves a terminal's cursor.
  private static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      shown.append(c == '\t' ? ' ' : Character.isISOControl(c) ? '?' : c);
    }
    return shown.toString();
  }
}
