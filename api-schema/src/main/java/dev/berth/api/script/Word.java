package dev.berth.api.script;

import java.util.ArrayList;
import java.util.List;

/// A word of an instruction as written, quotes and all, and where it starts in the instruction.
record Word(String text, int offset) {

  /// Blanks outside of quotes separate words. Inside single quotes the escape character means
  /// nothing.
  ///
  /// @throws BadInstruction where a quote is not closed
  static List<Word> split(String text, int from, char escape) {
    return split(text, from, escape, true);
  }

  /// What a shell will read: whether its quotes are closed is its own concern.
  static List<Word> splitShell(String text, int from, char escape) {
    return split(text, from, escape, false);
  }

  private static List<Word> split(String text, int from, char escape, boolean strict) {
    List<Word> words = new ArrayList<>();
    int start = -1;
    int quoteAt = -1;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (start < 0 && Character.isWhitespace(c)) {
        continue;
      }
      start = start < 0 ? i : start;
      if (quoteAt >= 0) {
        char quote = text.charAt(quoteAt);
        if (c == quote) {
          quoteAt = -1;
        } else if (c == escape && quote == '"') {
          i++;
        }
      } else if (c == escape) {
        i++;
      } else if (c == '"' || c == '\'') {
        quoteAt = i;
      } else if (Character.isWhitespace(c)) {
        words.add(new Word(text.substring(start, i), start));
        start = -1;
      }
    }
    if (quoteAt >= 0 && strict) {
      throw new BadInstruction(quoteAt, "this quote is not closed");
    }
    if (start >= 0) {
      words.add(new Word(text.substring(start), start));
    }
    return words;
  }
}
