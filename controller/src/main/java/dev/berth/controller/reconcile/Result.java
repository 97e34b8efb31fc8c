package dev.berth.controller.reconcile;

import java.time.Duration;

/// What the loop shall do next with a key.
public sealed interface Result {
  Result DONE = new Done();

  /// Nothing, until something changes.
  record Done() implements Result {}

  /// Look again then, although nothing may have changed.
  record RequeueAfter(Duration delay) implements Result {}

  /// Something outside failed that may work later: again, with growing pauses.
  record Retry(String why) implements Result {}

  /// Only a user can help: wait for a change; the user is told by an event.
  record Stalled(String reason, String message) implements Result {}
}
