package dev.berth.api.why;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Fixes for the last words of programs that many have seen before.
final class LogHints {
  private record Hint(Pattern line, BiFunction<String, PodPlace, String> fix) {}

  private static final List<Hint> HINTS =
      List.of(
          hint(
              "ModuleNotFoundError: No module named '?([\\w.]+)",
              (name, _) -> "install the Python module " + name + " in the Dockerfile"),
          hint(
              "Cannot find module '?([^'\\s]+)",
              (name, _) -> "install the module " + name + " in the Dockerfile"),
          hint(
              "([Aa]ddress already in use|EADDRINUSE)",
              (_, _) ->
                  "two processes of the container want one port: let only one of them listen"),
          hint(
              "KeyError: '([A-Z][A-Z0-9_]+)'",
              (name, pod) -> "set " + name + " in " + pod.field("env")),
          hint(
              "No such file or directory: '([^']+)'",
              (file, _) -> "copy " + file + " into the image in the Dockerfile"),
          hint(
              "error while loading shared libraries: ([^:]+):",
              (name, _) -> "install the package that has " + name + " in the Dockerfile"),
          hint(
              "(MemoryError|Cannot allocate memory|OutOfMemoryError|heap out of memory)",
              (_, pod) -> "raise " + pod.field("resources.limits.memory")),
          hint(
              "(SyntaxError|IndentationError):",
              (_, _) -> "correct the program's syntax where the log says"));

  private LogHints() {}

  private static Hint hint(String line, BiFunction<String, PodPlace, String> fix) {
    return new Hint(Pattern.compile(line), fix);
  }

  static Optional<String> of(List<String> logTail, PodPlace pod) {
    for (String line : logTail.reversed()) {
      for (Hint hint : HINTS) {
        Matcher found = hint.line().matcher(line);
        if (found.find()) {
          return Optional.of(hint.fix().apply(found.group(1), pod));
        }
      }
    }
    return Optional.empty();
  }
}
