package dev.berth.cli.talk;

import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/// Lines as `BufferedReader` tells them, but of a bounded length: a container that writes without
/// an end takes no more memory than one that does not. One thread.
final class BoundedLines {
  /// In characters; what follows in that line is left out.
  static final int LONGEST = 64 * 1024;

  static final String CUT = " ... (line cut)";

  private final Reader reader;
  private final char[] buffer = new char[8192];
  private int at;
  private int end;
  private boolean afterReturn;

  BoundedLines(Reader reader) {
    this.reader = reader;
  }

  /// The next line; null at the end.
  @Nullable String next() throws IOException {
    StringBuilder line = new StringBuilder();
    boolean any = false;
    boolean cut = false;
    for (int c = read(); c >= 0; c = read()) {
      boolean second = afterReturn && c == '\n';
      afterReturn = c == '\r';
      if (second) {
        continue;
      }
      if (c == '\n' || c == '\r') {
        return told(line, cut);
      }
      any = true;
      if (line.length() < LONGEST) {
        line.append((char) c);
      } else {
        cut = true;
      }
    }
    return any ? told(line, cut) : null;
  }

  private static String told(StringBuilder line, boolean cut) {
    return cut ? line + CUT : line.toString();
  }

  private int read() throws IOException {
    if (at == end) {
      at = 0;
      end = Math.max(0, reader.read(buffer));
    }
    return at < end ? buffer[at++] : -1;
  }
}
