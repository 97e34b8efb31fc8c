package dev.berth.agent.diagnosis;

/// Text that somebody else wrote, made fit for a status, a log or a terminal.
public final class Printable {
  private static final int MOST = 200;

  private Printable() {}

  /// Control characters are shown as `\x1b`, and what is too long is cut.
  public static String of(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints()
        .limit(MOST)
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                out.append(String.format("\\x%02x", c));
              } else {
                out.appendCodePoint(c);
              }
            });
    return text.codePointCount(0, text.length()) > MOST
        ? out.append("...").toString()
        : out.toString();
  }
}
