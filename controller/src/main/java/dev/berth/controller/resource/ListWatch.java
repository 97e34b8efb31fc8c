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

  /// What became of one object; `after` of a deletion is its last state.
  record Step(boolean deleted, ObjectNode after) {}

  /// One change as a follower sees it; `before` is null for an object that it did not know.
  record Change(boolean deleted, ObjectNode after, @Nullable ObjectNode before) {}

  /// A place in the history.
  interface Changes extends AutoCloseable {
    /// The next changes, oldest first; empty when there are none yet.
    ///
    /// @throws dev.berth.api.ApiException with `Expired` when this reader fell too far behind
    List<Step> poll(int max);

    /// Whether there may be something to poll: every write that was acknowledged, and of which
    /// nobody has begun to poll the change, is seen here.
    boolean isPending();

    /// No change up to this revision is left to be polled; for people.
    long revision();

    @Override
    void close();
  }
}
