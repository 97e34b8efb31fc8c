package dev.berth.controller.scheduler;

/// Where a pod goes, or why it cannot go anywhere.
public sealed interface Decision {
  record Bind(String node) implements Decision {}

  /// The message has one reason per node.
  ///
  /// @param gist the same without the amounts, which change with every other pod
  record Unschedulable(String message, String gist) implements Decision {}
}
