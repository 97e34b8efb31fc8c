package dev.berth.api.schema;

/// A patch that cannot be applied. The server answers 422 where the patch does not fit the object
/// (`unprocessable`), else 400.
public final class PatchException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final boolean unprocessable;

  private PatchException(String message, boolean unprocessable) {
    super(message);
    this.unprocessable = unprocessable;
  }

  static PatchException malformed(String message) {
    return new PatchException(message, false);
  }

  static PatchException doesNotFit(String message) {
    return new PatchException(message, true);
  }

  public boolean isUnprocessable() {
    return unprocessable;
  }
}
