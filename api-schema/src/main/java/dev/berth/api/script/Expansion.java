package dev.berth.api.script;

import org.jspecify.annotations.Nullable;

/// One pass over one text. Offsets in errors are those of the text.
final class Expansion {
  /// Deeper nesting of `${a:-${b:-...}}` is nobody's intent.
  private static final int MAX_DEPTH = 20;

  /// What one word may grow to: values put into values must not fill the memory.
  private static final int MAX_LENGTH = 1 << 20;

  interface Values {
    @Nullable String get(String name);
  }

  private final String text;
  private final Values values;
  private final char escape;
  private final int depth;
  private int at;

  Expansion(String text, Values values, char escape) {
    this(text, values, escape, 0);
  }

  private Expansion(String text, Values values, char escape, int depth) {
    this.text = text;
    this.values = values;
    this.escape = escape;
    this.depth = depth;
    if (depth > MAX_DEPTH) {
      throw new BadInstruction(0, "variables are nested too deeply");
    }
  }

  String all() {
    StringBuilder out = new StringBuilder();
    boolean doubled = false;
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == escape && at + 1 < text.length()) {
        escaped(out, doubled);
      } else if (c == '\'' && !doubled) {
        int end = text.indexOf('\'', at + 1);
        int stop = end < 0 ? text.length() : end;
        out.append(text, at + 1, stop);
        at = stop + 1;
      } else if (c == '"') {
        doubled = !doubled;
        at++;
      } else {
        plain(out, c);
      }
    }
    return out.toString();
  }

  private void escaped(StringBuilder out, boolean doubled) {
    char next = text.charAt(at + 1);
    if (doubled && next != '"' && next != '$' && next != escape) {
      out.append(escape);
    }
    out.append(next);
    at += 2;
  }

  private void plain(StringBuilder out, char c) {
    if (c == '$') {
      out.append(variable());
    } else {
      out.append(c);
      at++;
    }
    if (out.length() > MAX_LENGTH) {
      throw new BadInstruction(0, "with its variables this has more than 1 MiB");
    }
  }

  /// Quotes mean nothing; the escape character only protects a `$` and itself.
  String document() {
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean more = at + 1 < text.length();
      if (c == escape && more && (text.charAt(at + 1) == '$' || text.charAt(at + 1) == escape)) {
        out.append(text.charAt(at + 1));
        at += 2;
      } else {
        plain(out, c);
      }
    }
    return out.toString();
  }

  private String variable() {
    int dollar = at++;
    if (at < text.length() && text.charAt(at) == '{') {
      int end = closing(dollar);
      String inside = text.substring(at + 1, end);
      at = end + 1;
      return braced(inside, dollar);
    }
    int start = at;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    String name = text.substring(start, at);
    return name.isEmpty() ? "$" : value(name);
  }

  private static boolean isNamePart(char c) {
    return c == '_' || (c < 128 && Character.isLetterOrDigit(c));
  }

  private String value(String name) {
    String value = values.get(name);
    return value == null ? "" : value;
  }

  /// The brace that closes this one, over nested ones.
  private int closing(int dollar) {
    int open = 0;
    for (int i = at; i < text.length(); i++) {
      char c = text.charAt(i);
      open += c == '{' ? 1 : c == '}' ? -1 : 0;
      if (open == 0) {
        return i;
      }
    }
    throw new BadInstruction(dollar, "this ${ is not closed");
  }

  private String braced(String inside, int dollar) {
    int i = 0;
    while (i < inside.length() && isNamePart(inside.charAt(i))) {
      i++;
    }
    String name = inside.substring(0, i);
    String rest = inside.substring(i);
    if (name.isEmpty()) {
      throw new BadInstruction(dollar, "${} needs the name of a variable");
    }
    return rest.isEmpty() ? value(name) : modified(name, rest, dollar);
  }

  private String modified(String name, String rest, int dollar) {
    boolean colon = rest.charAt(0) == ':';
    String operator = rest.substring(colon ? 1 : 0);
    char sign = operator.isEmpty() ? ' ' : operator.charAt(0);
    if ("-+?".indexOf(sign) >= 0) {
      return conditional(name, colon, sign, inner(operator.substring(1)), dollar);
    }
    if (!colon && (sign == '#' || sign == '%')) {
      return trimmed(value(name), sign, operator);
    }
    if (!colon && sign == '/') {
      return replaced(value(name), operator);
    }
    throw new BadInstruction(
        dollar, "${" + Texts.cut(name + rest) + "} is not a form that is known; see ${v:-word}");
  }

  private String inner(String word) {
    return new Expansion(word, values, escape, depth + 1).all();
  }

  private String conditional(String name, boolean colon, char sign, String word, int dollar) {
    String value = values.get(name);
    boolean set = value != null && !(colon && value.isEmpty());
    String present = value == null ? "" : value;
    return switch (sign) {
      case '-' -> set ? present : word;
      case '+' -> set ? word : "";
      default -> {
        if (!set) {
          throw new BadInstruction(dollar, name + ": " + (word.isEmpty() ? "is not set" : word));
        }
        yield present;
      }
    };
  }

  private String trimmed(String value, char sign, String operator) {
    boolean longest = operator.length() > 1 && operator.charAt(1) == sign;
    Wildcard pattern = new Wildcard(inner(operator.substring(longest ? 2 : 1)));
    return sign == '#' ? pattern.withoutStart(value, longest) : pattern.withoutEnd(value, longest);
  }

  private String replaced(String value, String operator) {
    boolean every = operator.startsWith("//");
    String rest = operator.substring(every ? 2 : 1);
    int slash = slash(rest);
    Wildcard pattern = new Wildcard(inner(slash < 0 ? rest : rest.substring(0, slash)));
    return pattern.replaced(value, slash < 0 ? "" : inner(rest.substring(slash + 1)), every);
  }

  /// The first that is not escaped.
  private int slash(String rest) {
    int slash = rest.indexOf('/');
    while (slash > 0 && rest.charAt(slash - 1) == escape) {
      slash = rest.indexOf('/', slash + 1);
    }
    return slash;
  }
}
