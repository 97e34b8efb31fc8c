package dev.berth.api;

/// Makes control characters visible in text that somebody else wrote: a pod may log, and an object
/// may be named, anything, and a terminal obeys what it is sent (titles, cursor, clipboard,
/// reversed text).
public final class Printable {
  private Printable() {}

  /// One line: line feeds are escaped too.
  public static String line(String text) {
    return escape(text, false);
  }

  /// One line, cut after `most` characters.
  public static String line(String text, int most) {
    return text.length() > most ? line(text.substring(0, most)) + "..." : line(text);
  }

  /// Text of many lines: line feeds and tabs stay.
  public static String text(String text) {
    return escape(text, true);
  }

  private static String escape(String text, boolean keepLines) {
    if (text.chars().allMatch(c -> harmless(c, keepLines))) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length() + 16);
    text.chars().forEach(c -> append(out, (char) c, keepLines));
    return out.toString();
  }

  private static void append(StringBuilder out, char c, boolean keepLines) {
    if (harmless(c, keepLines)) {
      out.append(c);
    } else if (c == '\n') {
      out.append("\\n");
    } else if (c == '\r') {
      out.append("\\r");
    } else if (c == '\t') {
      out.append("\\t");
    } else if (c < 0x100) {
      out.append(String.format("\\x%02x", (int) c));
    } else {
      out.append(String.format("\\u%04x", (int) c));
    }
  }

  private static boolean harmless(int c, boolean keepLines) {
    if (c == '\n' || c == '\t') {
      return keepLines;
    }
    return c >= 0x20 && !(c >= 0x7f && c < 0xa0) && !reorders(c);
  }

  /// Unicode's marks that change the direction of what follows.
  private static boolean reorders(int c) {
    return (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f;
  }
}
