package dev.berth.controller.storage;

import org.jspecify.annotations.Nullable;

/// The answer to a [Mutation]: it is durable, or the key was not where the writer thought.
public sealed interface Outcome {
  /// Durable and visible.
  record Committed(Change change) implements Outcome {}

  /// Nothing was written; `found` is the present value, or null when the key does not exist.
  record Conflict(@Nullable Versioned found) implements Outcome {}
}
