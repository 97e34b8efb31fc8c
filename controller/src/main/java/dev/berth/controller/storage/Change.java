package dev.berth.controller.storage;

import org.jspecify.annotations.Nullable;

/// What one revision did to one key. `after` of a deletion is the last state, carrying the revision
/// of the deletion, because that is what a watcher is told.
public record Change(Kind kind, Versioned after, @Nullable Versioned before) {
  /// How the key changed.
  public enum Kind {
    ADDED,
    MODIFIED,
    DELETED
  }

  public String key() {
    return after.key();
  }

  public long revision() {
    return after.revision();
  }

  @Nullable Versioned live() {
    return kind == Kind.DELETED ? null : after;
  }
}
