package dev.berth.api.script;

import dev.berth.api.Nearest;
import java.util.Collection;
import java.util.Locale;

/// Small words for messages.
final class Texts {
  private static final int LONGEST = 40;

  private Texts() {}

  /// At most forty printable characters of what somebody wrote.
  static String cut(String text) {
    String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "..." : text;
    return start.replaceAll("\\p{Cntrl}", "?");
  }

  /// `; did you mean X?`, or nothing.
  static String nearest(String wrong, Collection<String> names, String before) {
    return Nearest.of(wrong, names).map(name -> "; did you mean " + before + name + "?").orElse("");
  }

  static String upper(String text) {
    return text.toUpperCase(Locale.ROOT);
  }
}
