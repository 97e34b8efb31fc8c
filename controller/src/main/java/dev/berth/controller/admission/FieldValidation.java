package dev.berth.controller.admission;

/// What to do with unknown and duplicate fields, as the client asked with `fieldValidation`.
public enum FieldValidation {
  STRICT,
  WARN,
  IGNORE;

  /// The server's default is to warn, also for values it does not know.
  public static FieldValidation parse(String text) {
    return switch (text) {
      case "Strict" -> STRICT;
      case "Ignore" -> IGNORE;
      default -> WARN;
    };
  }
}
