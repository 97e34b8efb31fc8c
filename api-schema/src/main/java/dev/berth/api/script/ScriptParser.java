package dev.berth.api.script;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a container script line by line; `InstructionParser` knows the instructions.
///
/// Lines: comments and blank lines may stand anywhere, also inside a continued instruction; the
/// escape character is `\` unless a directive at the very top changes it; CRLF and a byte order
/// mark are accepted. After a problem the next instruction is read, so that all are found.
final class ScriptParser {
  private static final int MAX_LENGTH = 1 << 20;
  private static final int MAX_PROBLEMS = 50;
  private static final Pattern DIRECTIVE = Pattern.compile("#\\s*([A-Za-z]+)\\s*=\\s*(\\S.*?)\\s*");

  private final Source source;
  private final List<Problem> problems = new ArrayList<>();
  private final int length;
  private char escape = '\\';
  private int at;

  ScriptParser(String file, String text) {
    this.length = text.length();
    this.source = Source.of(file, text.length() > MAX_LENGTH ? "" : text);
  }

  Script script() {
    checkText();
    directives();
    Stages stages = new Stages();
    while (at < source.lines().size() && problems.size() < MAX_PROBLEMS) {
      next().ifPresent(stages::add);
    }
    stages.close();
    end();
    return new Script(source.file(), escape, stages.globals, stages.stages);
  }

  /// Without a FROM, as in an image's list of triggers.
  List<Instruction> instructionsOnly() {
    checkText();
    List<Instruction> found = new ArrayList<>();
    while (at < source.lines().size() && problems.size() < MAX_PROBLEMS) {
      next().ifPresent(found::add);
    }
    end();
    return found;
  }

  private void end() {
    if (!problems.isEmpty()) {
      problems.sort(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column));
      throw new ScriptException(problems);
    }
  }

  private void checkText() {
    if (length > MAX_LENGTH) {
      problems.add(source.problem(1, 1, "a container script has at most 1 MiB"));
      end();
    }
    for (int i = 0; i < source.lines().size(); i++) {
      int nul = source.lines().get(i).indexOf('\0');
      if (nul >= 0) {
        problems.add(source.problem(i + 1, nul + 1, "this is not text: there is a NUL byte"));
        end();
      }
    }
  }

  private void directives() {
    Set<String> seen = new HashSet<>();
    for (; at < source.lines().size(); at++) {
      Matcher found = DIRECTIVE.matcher(source.lines().get(at).strip());
      if (!found.matches()) {
        return;
      }
      String name = found.group(1).toLowerCase(Locale.ROOT);
      if (!Set.of("syntax", "check", "escape").contains(name)) {
        return;
      }
      int column = source.lines().get(at).indexOf('#') + 1;
      if (!seen.add(name)) {
        problems.add(
            source.problem(at + 1, column, "the directive " + name + " stands here twice"));
      } else if (name.equals("escape")) {
        escape(found.group(2), column);
      }
      // syntax names another frontend, check its lint: nothing here depends on them
    }
  }

  private void escape(String value, int column) {
    if (value.equals("\\") || value.equals("`")) {
      escape = value.charAt(0);
    } else {
      problems.add(source.problem(at + 1, column, "escape is \\ or `, not " + Texts.cut(value)));
    }
  }

  private static boolean ignorable(String line) {
    return line.isBlank() || line.stripLeading().startsWith("#");
  }

  private Optional<Instruction> next() {
    if (ignorable(source.lines().get(at))) {
      at++;
      return Optional.empty();
    }
    LogicalLine line = logicalLine();
    try {
      InstructionParser parser =
          new InstructionParser(
              line, escape, this::heredoc, (o, m) -> problems.add(line.problem(source, o, m)));
      return Optional.of(parser.instruction());
    } catch (BadInstruction e) {
      problems.add(line.problem(source, e.offset(), e.said()));
      return Optional.empty();
    }
  }

  private LogicalLine logicalLine() {
    LogicalLine joined = new LogicalLine();
    boolean more = true;
    while (more && at < source.lines().size()) {
      String line = source.lines().get(at);
      if (joined.isEmpty() || !ignorable(line)) {
        more = continued(line);
        String part = more ? line.stripTrailing() : line;
        int from = joined.isEmpty() ? part.length() - part.stripLeading().length() : 0;
        joined.append(part.substring(from, part.length() - (more ? 1 : 0)), at + 1, from + 1);
      }
      at++;
    }
    return joined;
  }

  /// An escape character that is itself escaped continues nothing.
  private boolean continued(String line) {
    String end = line.stripTrailing();
    int last = end.length() - 1;
    return last >= 0 && end.charAt(last) == escape && (last == 0 || end.charAt(last - 1) != escape);
  }

  /// The lines up to the name, which must stand alone.
  private Heredoc heredoc(HeredocMark mark) {
    StringBuilder content = new StringBuilder();
    for (int line = at; line < source.lines().size(); line++) {
      String text = source.lines().get(line);
      String body = mark.chomp() ? text.replaceFirst("^\t+", "") : text;
      if (body.equals(mark.name())) {
        at = line + 1;
        return new Heredoc(mark.name(), content.toString(), mark.expand());
      }
      content.append(body).append('\n');
    }
    throw new BadInstruction(
        mark.offset(),
        "this here-document does not end: a line must say " + Texts.cut(mark.name()) + " alone");
  }

  /// Sorts the instructions into stages.
  private final class Stages {
    private final Map<String, Optional<String>> globals = new LinkedHashMap<>();
    private final List<Script.Stage> stages = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private List<Instruction> steps = new ArrayList<>();
    private Optional<Instruction.From> from = Optional.empty();
    private boolean lost;

    void add(Instruction instruction) {
      switch (instruction) {
        case Instruction.From f -> {
          finish();
          from = Optional.of(f);
          f.name()
              .filter(name -> !names.add(name))
              .ifPresent(name -> bad(f, "there is another stage of the name " + name));
        }
        case Instruction.Arg a when from.isEmpty() -> globals.putAll(a.values());
        case Instruction other when from.isEmpty() -> {
          if (!lost && problems.isEmpty()) {
            bad(other, "the first instruction must be FROM (only ARG may stand before it)");
          }
          lost = true;
        }
        case Instruction other -> steps.add(other);
      }
    }

    private void bad(Instruction instruction, String message) {
      int column =
          source.lines().get(instruction.line() - 1).length()
              - source.lines().get(instruction.line() - 1).stripLeading().length()
              + 1;
      problems.add(source.problem(instruction.line(), column, message));
    }

    private void finish() {
      from.ifPresent(f -> stages.add(new Script.Stage(stages.size(), f, steps)));
      steps = new ArrayList<>();
    }

    void close() {
      finish();
      if (stages.isEmpty() && problems.isEmpty()) {
        problems.add(source.problem(1, 1, "the script has no FROM"));
      }
    }
  }
}
