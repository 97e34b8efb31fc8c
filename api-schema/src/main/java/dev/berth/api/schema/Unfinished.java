package dev.berth.api.schema;

/// Marks what lands within the half hour; goes away with its last caller.
final class Unfinished {
  private Unfinished() {}

  @SuppressWarnings({
    "DoNotCallSuggester",
    "TypeParameterUnusedInFormals"
  }) // goes away with the class
  static <T> T yet(Object... about) {
    throw new UnsupportedOperationException("not yet: " + about.length);
  }
}
