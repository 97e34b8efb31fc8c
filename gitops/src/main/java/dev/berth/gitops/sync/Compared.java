package dev.berth.gitops.sync;

import dev.berth.gitops.sync.Difference.Change;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// A wanted object beside what is there.
///
/// @param live what is there
/// @param difference how they stand to each other
public record Compared(Wanted wanted, Optional<ObjectNode> live, State difference) {

  public sealed interface State {}

  /// Applying would change nothing.
  public record Same() implements State {}

  /// It is not there.
  public record Absent() implements State {}

  /// It is there, and applying would change it.
  public record Differs(List<Change> changes) implements State {}

  /// It cannot be tried before something else of this repository is there: its namespace, or the
  /// definition of its kind.
  public record Awaits(String what) implements State {}

  /// The API refuses it, or another repository owns it.
  ///
  /// @param lasting whether the same would be refused again; else it is just tried again
  public record Refused(String reason, String message, boolean lasting) implements State {}

  public boolean isSynced() {
    return difference instanceof Same;
  }

  public Health health() {
    return live.map(Health::of).orElse(Health.MISSING);
  }
}
