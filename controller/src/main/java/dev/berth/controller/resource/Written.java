package dev.berth.controller.resource;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The answer to a write: the object as it now is, with the bytes that a get would send, and what
/// its author should know.
public record Written(Item item, List<String> warnings) {
  /// Shared: copy before changing.
  public ObjectNode object() {
    return item.tree();
  }
}
