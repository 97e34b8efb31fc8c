package dev.berth.gitops.render;

import java.util.List;
import java.util.stream.Collectors;

/// Why a commit gives no objects, with every problem that was found.
public final class RenderException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int SHOWN = 10;
  private static final int LONGEST = 1000;

  private final String reason;

  public RenderException(String reason, List<String> problems) {
    super(words(problems));
    this.reason = reason;
  }

  public RenderException(String reason, String problem) {
    this(reason, List.of(problem));
  }

  /// `RenderFailed`, or `PathNotFound` where the folder is not there.
  public String reason() {
    return reason;
  }

  public String message() {
    return String.valueOf(getMessage());
  }

  private static String words(List<String> problems) {
    int more = problems.size() - SHOWN;
    return problems.stream()
            .limit(SHOWN)
            .map(RenderException::shortened)
            .collect(Collectors.joining("\n"))
        + (more > 0 ? "\nand " + more + " more" : "");
  }

  private static String shortened(String problem) {
    return problem.length() > LONGEST ? problem.substring(0, LONGEST) + "..." : problem;
  }
}
