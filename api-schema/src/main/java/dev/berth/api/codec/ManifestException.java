package dev.berth.api.codec;

import java.util.List;
import java.util.stream.Collectors;

/// A text that is no manifest, with every problem that was found.
public final class ManifestException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Problem> problems;

  public ManifestException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<Problem> problems() {
    return problems;
  }
}
