package dev.berth.agent.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A script's words: splitting at blanks outside of quotes, and variables in the forms `$v ${v}
/// ${v:-w} ${v-w} ${v:+w} ${v+w} ${v:?e} ${v?e}`. Single quotes keep a `$` as it is.
final class Words {
  private Words() {}

  /// Quotes stay in the words: they are taken away when values are expanded.
  static List<String> split(String text, char escape) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == escape && quote != '\'' && i + 1 < text.length()) {
        word.append(c).append(text.charAt(++i));
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (!word.isEmpty()) {
          words.add(word.toString());
          word.setLength(0);
        }
      } else {
        if (quote == 0 && (c == '"' || c == '\'')) {
          quote = c;
        } else if (c == quote) {
          quote = 0;
        }
        word.append(c);
      }
    }
    if (!word.isEmpty()) {
      words.add(word.toString());
    }
    return words;
  }

  /// Takes quotes away and puts values in. An unknown variable is empty.
  static String expand(String text, Map<String, String> values) {
    return new Expansion(text, values).all();
  }

  private static final class Expansion {
    private final String text;
    private final Map<String, String> values;
    private int at;

    Expansion(String text, Map<String, String> values) {
      this.text = text;
      this.values = values;
    }

    String all() {
      StringBuilder out = new StringBuilder();
      boolean doubled = false;
      while (at < text.length()) {
        char c = text.charAt(at);
        if (c == '\\' && at + 1 < text.length()) {
          char next = text.charAt(at + 1);
          if (doubled && next != '"' && next != '$' && next != '\\') {
            out.append(c);
          }
          out.append(next);
          at += 2;
        } else if (c == '\'' && !doubled) {
          int end = text.indexOf('\'', at + 1);
          int stop = end < 0 ? text.length() : end;
          out.append(text, at + 1, stop);
          at = stop + 1;
        } else if (c == '"') {
          doubled = !doubled;
          at++;
        } else if (c == '$') {
          out.append(variable());
        } else {
          out.append(c);
          at++;
        }
      }
      return out.toString();
    }

    private String variable() {
      at++;
      if (at < text.length() && text.charAt(at) == '{') {
        int end = closing();
        String inside = text.substring(at + 1, end);
        at = Math.min(text.length(), end + 1);
        return braced(inside);
      }
      int start = at;
      while (at < text.length()
          && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
        at++;
      }
      String name = text.substring(start, at);
      return name.isEmpty() ? "$" : values.getOrDefault(name, "");
    }

    /// The brace that closes this one, over nested ones.
    private int closing() {
      int depth = 0;
      for (int i = at; i < text.length(); i++) {
        depth += text.charAt(i) == '{' ? 1 : text.charAt(i) == '}' ? -1 : 0;
        if (depth == 0) {
          return i;
        }
      }
      throw new IllegalArgumentException("a ${ is not closed: " + text);
    }

    private String braced(String inside) {
      int i = 0;
      while (i < inside.length()
          && (Character.isLetterOrDigit(inside.charAt(i)) || inside.charAt(i) == '_')) {
        i++;
      }
      String name = inside.substring(0, i);
      String rest = inside.substring(i);
      @Nullable String value = values.get(name);
      if (rest.isEmpty()) {
        return Optional.ofNullable(value).orElse("");
      }
      boolean colon = rest.startsWith(":");
      boolean set = value != null && !(colon && value.isEmpty());
      String operator = rest.substring(colon ? 1 : 0);
      if (operator.isEmpty() || "-+?".indexOf(operator.charAt(0)) < 0) {
        throw new IllegalArgumentException("${" + inside + "} is not supported");
      }
      String word = expand(operator.substring(1), values);
      return switch (operator.charAt(0)) {
        case '-' -> set && value != null ? value : word;
        case '+' -> set ? word : "";
        default -> {
          if (!set || value == null) {
            throw new IllegalArgumentException(
                name + ": " + (word.isEmpty() ? "is not set" : word));
          }
          yield value;
        }
      };
    }
  }
}
