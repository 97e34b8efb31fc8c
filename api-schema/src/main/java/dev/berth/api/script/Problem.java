package dev.berth.api.script;

/// One thing that is wrong with a script. Lines and columns count from 1.
///
/// @param caretLine two lines that show the source line and point into it; empty where there is
///   none
public record Problem(String file, int line, int column, String message, String caretLine) {

  /// `Dockerfile:7:6: unknown flag --chwon; did you mean --chown?`
  public String headline() {
    return file + ":" + line + ":" + column + ": " + message;
  }

  @Override
  public String toString() {
    return caretLine.isEmpty() ? headline() : headline() + "\n" + caretLine;
  }
}
