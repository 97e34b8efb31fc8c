package dev.berth.api.script;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.berth.api.Printable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The rules of a `.dockerignore`: one pattern a line, `!` lets back in, the last match decides. A
/// pattern that names a folder covers everything below it.
public final class IgnoreRules {
  public static final IgnoreRules NONE = new IgnoreRules(List.of());

  private record Rule(Pattern pattern, boolean letsIn, Line line) {}

  /// A line of the rules file, for messages; lines count from 1.
  public record Line(int number, String text) {}

  private final List<Rule> rules;

  private IgnoreRules(List<Rule> rules) {
    this.rules = rules;
  }

  /// The rules of a file.
  ///
  /// @param file its name, for what is said against it
  /// @throws IOException when a line is no pattern; the message names it
  public static IgnoreRules parse(String file, String text) throws IOException {
    List<Rule> rules = new ArrayList<>();
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (!line.isEmpty() && !line.startsWith("#")) {
        boolean letsIn = line.startsWith("!");
        String pattern = clean(letsIn ? line.substring(1).strip() : line);
        if (!pattern.isEmpty()) {
          Line place = new Line(number, line);
          rules.add(new Rule(compiled(file, pattern, place), letsIn, place));
        }
      }
    }
    return new IgnoreRules(List.copyOf(rules));
  }

  private static Pattern compiled(String file, String pattern, Line place) throws IOException {
    try {
      return Pattern.compile(regex(pattern));
    } catch (PatternSyntaxException e) {
      throw new IOException(
          file
              + ":"
              + place.number()
              + " ("
              + Printable.line(place.text())
              + ") is no pattern: "
              + e.getDescription()
              + "; write \\[ where a bracket is meant",
          e);
    }
  }

  /// Whether this path (relative, with `/`) stays out.
  public boolean ignores(String path) {
    return hiding(path).isPresent();
  }

  /// The line that keeps this path out.
  public Optional<Line> hiding(String path) {
    Optional<Line> out = Optional.empty();
    for (Rule rule : rules) {
      if (rule.pattern().matcher(path).matches()) {
        out = rule.letsIn() ? Optional.empty() : Optional.of(rule.line());
      }
    }
    return out;
  }

  /// Whether something below an ignored folder may still be let in: if not, it is not even entered.
  public boolean mayLetInBelow(String folder) {
    return rules.stream().anyMatch(Rule::letsIn);
  }

  /// `./a//b/` is `a/b`, `/a` is `a`: patterns start at the context's root.
  private static String clean(String pattern) {
    List<String> parts = new ArrayList<>();
    for (String part : pattern.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private static String regex(String pattern) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (pattern.startsWith("**/", i)) {
        out.append("(?:.*/)?");
        i += 2;
      } else if (pattern.startsWith("**", i)) {
        out.append(".*");
        i++;
      } else if (c == '*') {
        out.append("[^/]*");
      } else if (c == '?') {
        out.append("[^/]");
      } else if (c == '[' && pattern.indexOf(']', i + 2) > 0) {
        int end = pattern.indexOf(']', i + 2);
        out.append('[').append(members(pattern.substring(i + 1, end))).append(']');
        i = end;
      } else {
        boolean escaped = c == '\\' && i + 1 < pattern.length();
        out.append(Pattern.quote(String.valueOf(escaped ? pattern.charAt(++i) : c)));
      }
    }
    return out.append("(?:/.*)?").toString();
  }

  private static String members(String inside) {
    String escaped = inside.replace("\\", "\\\\").replace("[", "\\[").replace("&", "\\&");
    return escaped.startsWith("!") ? "^" + escaped.substring(1) : escaped;
  }
}
