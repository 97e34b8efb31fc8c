package dev.berth.client;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What a list found, and the revision from which a watch goes on.
public record ListResult(
    List<ObjectNode> items, String resourceVersion, Optional<String> continueToken) {
  public ListResult {
    items = List.copyOf(items);
  }
}
