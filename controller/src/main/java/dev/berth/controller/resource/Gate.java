package dev.berth.controller.resource;

import dev.berth.api.ResourceType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A look at what a write would store, by somebody who knows who writes. It sees the whole object,
/// whatever way it was made.
@FunctionalInterface
public interface Gate {
  Gate OPEN = (_, _, _) -> {};

  /// Returns when the write may go on; changes nothing.
  ///
  /// @param old the stored object when this is an update
  /// @throws dev.berth.api.ApiException when it may not
  void pass(ResourceType type, ObjectNode object, @Nullable ObjectNode old);

  /// Puts in, before a new object is admitted, what it says of its author.
  default void sign(ResourceType type, ObjectNode object) {}
}
