package dev.berth.controller.scheduler;

/// Where a pod goes, or why it cannot go anywhere.
public sealed interface Decision {
  record Bind(String node) implements Decision {}

  /// The message has one reason per node.
  record Unschedulable(String message) implements Decision {}
}
