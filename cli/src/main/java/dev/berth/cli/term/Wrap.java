package dev.berth.cli.term;

import java.util.ArrayList;
import java.util.List;

/// Sentences in a column: lines break at blanks and go on below where they began, words longer than
/// the column stay whole, because a digest or a path that is cut cannot be copied.
public final class Wrap {
  /// For what nobody sees: pipes and files get one line per sentence.
  public static final int NEVER = Integer.MAX_VALUE;

  private static final int NARROWEST = 24;

  private Wrap() {}

  /// `first` stands before the first line, as many blanks before the others.
  public static List<String> hanging(String first, String text, int columns) {
    int width = Math.max(NARROWEST, columns - first.length());
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    List<String> out = new ArrayList<>();
    for (String each : lines) {
      out.add((out.isEmpty() ? first : " ".repeat(first.length())) + each);
    }
    return out;
  }
}
