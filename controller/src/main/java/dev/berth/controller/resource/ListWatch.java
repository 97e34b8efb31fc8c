package dev.berth.controller.resource;

import dev.berth.api.ResourceType;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// What reconcilers read: everything of a kind at one revision, then every change after it. The
/// trees are shared and must not be changed.
public interface ListWatch {
  Snapshot list(ResourceType type);

  /// Changes above `after`; `signal` runs when there may be something to poll.
  ///
  /// @throws dev.berth.api.ApiException with `Expired` when those changes are no longer held
  Changes watch(ResourceType type, long after, Runnable signal);

  /// All objects of a kind as of one revision.
  record Snapshot(List<ObjectNode> items, long revision) {}

  /// One change; `before` is null for a new object, `after` of a deletion is the last state.
  record Change(boolean deleted, ObjectNode after, @Nullable ObjectNode before) {}

  /// A place in the history.
  interface Changes extends AutoCloseable {
    /// The next changes, oldest first; empty when there are none yet.
    ///
    /// @throws dev.berth.api.ApiException with `Expired` when this reader fell too far behind
    List<Change> poll(int max);

    /// Every change up to this revision was polled.
    long revision();

    @Override
    void close();
  }
}
