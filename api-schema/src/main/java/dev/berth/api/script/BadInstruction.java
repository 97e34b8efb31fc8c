package dev.berth.api.script;

/// Ends the reading of one instruction; the parser makes a `Problem` of it and goes on with the
/// next.
final class BadInstruction extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final int offset;

  /// @param offset in the text of the instruction
  BadInstruction(int offset, String message) {
    super(message, null, false, false);
    this.offset = offset;
  }

  int offset() {
    return offset;
  }

  String said() {
    return String.valueOf(getMessage());
  }
}
