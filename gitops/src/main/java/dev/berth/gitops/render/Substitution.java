package dev.berth.gitops.render;

import dev.berth.api.Nearest;
import dev.berth.api.codec.Manifests;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Puts values in for `${NAME}`. Strict: a name without a value is an error with file and line.
/// `$${NAME}` stays as `${NAME}`. Without any values nothing is looked at, so that scripts in
/// ConfigMaps keep their own variables.
record Substitution(Map<String, String> values) {
  private static final Pattern VARIABLE =
      Pattern.compile("\\$(\\$\\{)|\\$\\{([A-Za-z_][A-Za-z0-9_]*)}|\\$\\{([^}\n]*)}?");

  String apply(String file, String text, List<String> problems) {
    if (values.isEmpty()) {
      return text;
    }
    Matcher matcher = VARIABLE.matcher(text);
    StringBuilder result = new StringBuilder();
    while (matcher.find()) {
      String value = value(file, text, matcher, problems);
      matcher.appendReplacement(result, Matcher.quoteReplacement(value));
      if (result.length() > Manifests.MAX_BYTES) {
        problems.add(
            file
                + ": larger than "
                + (Manifests.MAX_BYTES >> 20)
                + " MiB with the values of its variables");
        return "";
      }
    }
    return matcher.appendTail(result).toString();
  }

  private String value(
      String file, String text, java.util.regex.MatchResult match, List<String> problems) {
    if (match.group(1) != null) {
      return match.group(1);
    }
    String name = match.group(2);
    String value = name == null ? null : values.get(name);
    if (value != null) {
      return value;
    }
    String place = file + ":" + line(text, match.start());
    problems.add(
        name == null
            ? place + ": ${ that begins no variable: write $${ for a literal ${"
            : place + ": variable " + name + " has no value in spec.substitute" + instead(name));
    return "";
  }

  private String instead(String name) {
    return Nearest.of(name, values.keySet())
        .map(near -> "; did you mean " + near + "?")
        .orElse("; write $${" + name + "} to keep it as it is");
  }

  private static long line(String text, int offset) {
    return 1 + text.substring(0, offset).chars().filter(c -> c == '\n').count();
  }
}
