package dev.berth.api.why;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a message offers instead: `...; it serves a, b`, `...; it has a, b`, `...; nearest: a, b`.
final class Offered {
  private static final Pattern NAMES =
      Pattern.compile("(?:it serves|serves|nearest:|; it has) (\\S[^;()]*)");

  private Offered() {}

  static List<String> in(String message) {
    Matcher found = NAMES.matcher(message);
    return found.find()
        ? Arrays.stream(found.group(1).split(",", -1))
            .map(String::strip)
            .filter(name -> !name.isEmpty())
            .toList()
        : List.of();
  }
}
