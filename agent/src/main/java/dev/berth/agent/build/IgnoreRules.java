package dev.berth.agent.build;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The rules of the context's `.dockerignore`, to tell somebody whose file is missing which of them
/// left it out. Whoever packed the context applied them; nothing is left out here. Pure.
final class IgnoreRules {
  private record Rule(int line, String text, Pattern pattern, boolean letsIn) {}

  private final String file;
  private final List<Rule> rules = new ArrayList<>();

  IgnoreRules(String file, String text) {
    this.file = file;
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      boolean letsIn = line.startsWith("!");
      String path = CopyPlan.normalize(letsIn ? line.substring(1).strip() : line);
      if (!line.startsWith("#") && !path.isEmpty()) {
        rules.add(new Rule(i + 1, line, pattern(path), letsIn));
      }
    }
  }

  /// `.dockerignore:3 (*.csv)` when the last rule that matches leaves the path out.
  Optional<String> hides(String path) {
    Optional<Rule> last = Optional.empty();
    for (Rule rule : rules) {
      if (rule.pattern().matcher(path).matches()) {
        last = Optional.of(rule);
      }
    }
    return last.filter(r -> !r.letsIn()).map(r -> file + ":" + r.line() + " (" + r.text() + ")");
  }

  /// A rule that names a directory covers what is below it.
  private static Pattern pattern(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      parts.add(part.equals("**") ? "**" : Glob.compile(part).pattern());
    }
    String regex = String.join("/", parts).replace("**/", "(?:.*/)?").replace("/**", "(?:/.*)?");
    return Pattern.compile(regex.replace("**", ".*") + "(?:/.*)?");
  }
}
