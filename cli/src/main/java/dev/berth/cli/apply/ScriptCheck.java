package dev.berth.cli.apply;

import dev.berth.api.Nearest;
import dev.berth.api.script.Instruction;
import dev.berth.api.script.Mount;
import dev.berth.api.script.Problem;
import dev.berth.api.script.Script;
import dev.berth.api.script.ScriptException;
import dev.berth.cli.pack.ContextPacker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/// Reads a container script before anything is packed or sent: its own mistakes, and files of the
/// context that it copies and that are not there, or are kept out by `.dockerignore`. What depends
/// on variables and wildcards is left to the builder, which knows their values.
final class ScriptCheck {
  private final Path folder;
  private final String file;
  private final List<String> lines;
  private final ContextPacker packer;
  private final List<Problem> problems = new ArrayList<>();

  private ScriptCheck(Path folder, String script, List<String> lines) throws IOException {
    this.folder = folder;
    this.file = folder.resolve(script).toString();
    this.lines = lines;
    this.packer = new ContextPacker(folder, script);
  }

  /// Everything that is wrong; the places are those in the script.
  static List<Problem> of(Path folder, String script, Optional<String> target) throws IOException {
    String text = Files.readString(folder.resolve(script));
    ScriptCheck check = new ScriptCheck(folder, script, text.lines().toList());
    try {
      check.sources(Script.parse(check.file, text), target);
    } catch (ScriptException e) {
      return e.problems();
    }
    return check.problems;
  }

  private void sources(Script script, Optional<String> target) throws IOException {
    SortedSet<String> packed = packer.names();
    for (Script.Stage stage : script.needed(target)) {
      for (Instruction step : stage.steps()) {
        for (String source : fromContext(step)) {
          source(step, source, packed);
        }
      }
    }
  }

  private static List<String> fromContext(Instruction step) {
    return switch (step) {
      case Instruction.Copy copy when copy.from().isEmpty() -> copy.sources();
      case Instruction.Run run ->
          run.mounts().stream().flatMap(mount -> bound(mount).stream()).toList();
      default -> List.of();
    };
  }

  private static Optional<String> bound(Mount mount) {
    return mount instanceof Mount.Bind bind && bind.from().isEmpty()
        ? Optional.of(bind.source())
        : Optional.empty();
  }

  private void source(Instruction step, String source, SortedSet<String> packed) {
    String name = normal(source);
    if (!isLiteral(source) || name.isEmpty() || isIn(packed, name)) {
      return;
    }
    String what = word(step) + " " + source + ": ";
    if (!Files.exists(folder.resolve(name))) {
      problem(step, source, what + "no such file in " + folder + nearest(name, packed));
    } else {
      String rule = packer.hiding(name).orElse(".dockerignore");
      problem(
          step,
          source,
          what
              + "hidden by "
              + rule
              + "; add a line !"
              + name
              + " to "
              + rule.replaceFirst(":.*", ""));
    }
  }

  /// Variables, wildcards and quotes are the builder's to read.
  private static boolean isLiteral(String source) {
    return source.chars().noneMatch(c -> "$*?[\"'\\".indexOf(c) >= 0);
  }

  /// `/a`, `./a/` and `a` are one place: the context is the root.
  private static String normal(String source) {
    return Path.of("/").resolve(source).normalize().toString().substring(1);
  }

  private static boolean isIn(SortedSet<String> packed, String name) {
    return packed.contains(name)
        || packed.contains(name + "/")
        || packed.tailSet(name + "/").stream().findFirst().orElse("").startsWith(name + "/");
  }

  private static String nearest(String name, SortedSet<String> packed) {
    List<String> known =
        packed.stream().map(n -> n.endsWith("/") ? n.substring(0, n.length() - 1) : n).toList();
    return Nearest.of(name, known).map(near -> "; nearest: " + near).orElse("");
  }

  private static String word(Instruction step) {
    return step instanceof Instruction.Copy copy ? copy.unpack() ? "ADD" : "COPY" : "RUN --mount";
  }

  /// The source's own place, looked for from the instruction's line on: it may be continued.
  private void problem(Instruction step, String source, String message) {
    for (int line = step.line(); line <= lines.size(); line++) {
      int at = lines.get(line - 1).indexOf(source, line == step.line() ? word(step).length() : 0);
      if (at >= 0) {
        problems.add(new Problem(file, line, at + 1, message, caret(line, at)));
        return;
      }
    }
    problems.add(new Problem(file, step.line(), 1, message, ""));
  }

  private String caret(int line, int at) {
    String number = "  " + line + " | ";
    String blank = " ".repeat(number.length() - 2) + "| ";
    return number + lines.get(line - 1).replace('\t', ' ') + "\n" + blank + " ".repeat(at) + "^";
  }
}
