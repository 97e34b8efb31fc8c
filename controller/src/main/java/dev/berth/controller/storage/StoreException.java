package dev.berth.controller.storage;

/// The store cannot write, or refuses to open. The message says what was found and what to do.
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final boolean full;

  StoreException(String message, boolean full, Throwable cause) {
    super(message, cause);
    this.full = full;
  }

  StoreException(String message) {
    super(message);
    this.full = false;
  }

  /// No space is left: the write can be tried again when some was freed.
  public boolean full() {
    return full;
  }
}
