package dev.berth.controller.storage;

/// A revision was asked for that the history no longer holds: the caller lists again.
public final class RevisionGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final long oldest;

  RevisionGoneException(long requested, long oldest) {
    super("too old resource version: " + requested + " (" + oldest + ")");
    this.oldest = oldest;
  }

  public long oldest() {
    return oldest;
  }
}
