package dev.berth.controller.reconcile;

import dev.berth.api.ObjectKey;
import java.time.Instant;
import java.util.Optional;

/// What one loop knows of one object, for whoever looks for the stage at which something hangs.
///
/// @param failures tries in a row that failed
/// @param lastError what the last of them met; empty when the last try went well
/// @param nextRun when it is looked at again although nothing may change
public record Trace(
    String reconciler,
    ObjectKey key,
    State state,
    int failures,
    String lastError,
    Optional<Instant> lastRun,
    Optional<Instant> nextRun) {

  /// Where the key is.
  public enum State {
    IDLE,
    QUEUED,
    RUNNING,
    BACKOFF
  }

  /// Something is going on, or went wrong.
  public boolean isOfInterest() {
    return state != State.IDLE || failures > 0 || !lastError.isEmpty();
  }
}
