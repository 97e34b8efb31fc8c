package dev.berth.client;

import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// One line of a watch. A bookmark's object has only its revision.
public record WatchEvent(Type type, ObjectNode object) {
  public enum Type {
    ADDED,
    MODIFIED,
    DELETED,
    BOOKMARK;

    static Optional<Type> of(String word) {
      return Arrays.stream(values()).filter(type -> type.name().equals(word)).findFirst();
    }
  }
}
