package dev.berth.controller.resource;

/// One event of a watch; the bytes are the object's, ready to be sent.
public record WatchEvent(Type type, Item object) {
  /// What the watcher should do with the object.
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED
  }
}
