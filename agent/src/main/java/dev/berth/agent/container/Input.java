package dev.berth.agent.container;

/// What a container reads at its descriptor 0.
public enum Input {
  /// Nothing: it has ended before the container begins.
  NONE,
  /// A pipe that its keeper holds open.
  PIPE,
  /// A terminal of the container's own, which takes its output too.
  TERMINAL
}
