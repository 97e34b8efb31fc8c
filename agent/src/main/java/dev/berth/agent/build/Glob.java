package dev.berth.agent.build;

import java.util.regex.Pattern;

/// File name patterns as Go's `filepath.Match` has them: `*` and `?` stay within one component,
/// `[...]` is a class, `\` takes the next character as it is.
final class Glob {
  private Glob() {}

  static boolean isPattern(String text) {
    return text.matches(".*[*?\\[\\\\].*");
  }

  static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> regex.append("[^/]*");
        case '?' -> regex.append("[^/]");
        case '\\' ->
            regex.append(
                i + 1 < glob.length() ? Pattern.quote(String.valueOf(glob.charAt(++i))) : "\\\\");
        case '[' -> {
          int end = glob.indexOf(']', i + 2);
          if (end < 0) {
            throw new IllegalArgumentException("a [ is not closed: " + glob);
          }
          String set =
              glob.substring(i + 1, end)
                  .replace("\\", "\\\\")
                  .replace("[", "\\[")
                  .replace("&&", "&\\&");
          regex.append('[').append(set).append(']');
          i = end;
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }
}
