package dev.berth.api.script;

import java.util.List;
import java.util.stream.Collectors;

/// A container script that cannot be understood, with everything that is wrong with it; its message
/// is all of that, rendered.
public final class ScriptException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  public ScriptException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /// At least one.
  public List<Problem> problems() {
    return problems;
  }

  public int line() {
    return problems.getFirst().line();
  }

  public int column() {
    return problems.getFirst().column();
  }
}
