package dev.berth.api.script;

/// A here-document: the lines between `<<NAME` and `NAME`.
///
/// @param content with a line end after every line; with `<<-` without leading tabs
/// @param expand whether variables in it have values; not when the name is in quotes
public record Heredoc(String name, String content, boolean expand) {
  /// It says itself what runs it.
  public boolean isProgram() {
    return content.startsWith("#!");
  }
}
