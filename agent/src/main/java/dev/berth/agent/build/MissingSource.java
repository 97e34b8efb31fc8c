package dev.berth.agent.build;

import dev.berth.api.Nearest;
import dev.berth.api.Printable;
import dev.berth.api.script.IgnoreRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What to tell somebody whose COPY names a file that is not there: the rule that left it out of
/// the context, or the names that it may have meant.
final class MissingSource {
  private static final int DEPTH = 4;
  private static final int MOST_FILES = 5000;
  private static final int OFFERED = 3;

  private MissingSource() {}

  static BuildException of(String source, Optional<String> from, Path root, String script) {
    if (from.isPresent()) {
      return new BuildException(source + ": no such file in " + from.get() + nearest(source, root));
    }
    return hidden(source, root, script)
        .map(
            rule ->
                new BuildException(
                    source + ": left out of the build context by " + Printable.line(rule)))
        .orElseGet(
            () ->
                new BuildException(
                    source + ": no such file in the build context" + nearest(source, root)));
  }

  /// The script's own file of rules stands before the common one, as it did for who packed.
  private static Optional<String> hidden(String source, Path root, String script) {
    for (String name : List.of(script + ".dockerignore", ".dockerignore")) {
      Path file = root.resolve(CopyPlan.normalize(name));
      if (Files.isRegularFile(file, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
        return rules(name, file)
            .flatMap(rules -> rules.hiding(CopyPlan.normalize(source)))
            .map(rule -> name + ":" + rule.number() + " (" + rule.text() + ")");
      }
    }
    return Optional.empty();
  }

  /// Rules that cannot be read have hidden nothing: who packs by them fails.
  private static Optional<IgnoreRules> rules(String name, Path file) {
    try {
      return Optional.of(IgnoreRules.parse(name, Files.readString(file)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String nearest(String source, Path root) {
    try (Stream<Path> tree = Files.walk(root, DEPTH)) {
      List<String> names =
          tree.limit(MOST_FILES)
              .map(p -> root.relativize(p).toString())
              .filter(n -> !n.isEmpty())
              .toList();
      List<String> near = Nearest.few(CopyPlan.normalize(source), names, OFFERED);
      return near.isEmpty()
          ? ""
          : "; nearest: " + String.join(", ", near.stream().map(Printable::line).toList());
    } catch (IOException | UncheckedIOException e) {
      return "";
    }
  }
}
