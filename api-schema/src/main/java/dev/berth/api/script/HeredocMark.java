package dev.berth.api.script;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A word `<<NAME` that announces a here-document.
record HeredocMark(String name, boolean chomp, boolean expand, int offset) {
  private static final Pattern FORM = Pattern.compile("\\d*<<(-?)(['\"]?)([^<'\"\\s]+)\\2");

  static Optional<HeredocMark> of(Word word) {
    Matcher found = FORM.matcher(word.text());
    return found.matches()
        ? Optional.of(
            new HeredocMark(
                found.group(3), !found.group(1).isEmpty(), found.group(2).isEmpty(), word.offset()))
        : Optional.empty();
  }
}
