package dev.berth.agent.pod;

import dev.berth.agent.container.Container;
import dev.berth.agent.container.ContainerSpec;
import dev.berth.agent.container.ExitStatus;
import java.time.Instant;
import java.util.Optional;

/// Where one container of a pod stands.
///
/// ```
/// Waiting --pull--> Pulling --image is here, start--> Running --exit--> Exited
///    ^                 |                                                   |
///    +--- back-off ----+<-------------- policy says restart ---------------+
/// ```
sealed interface ContainerState {
  /// Not started yet, or to be started again; not before `until`.
  record Waiting(String reason, String message, Instant until) implements ContainerState {}

  record Pulling(String message) implements ContainerState {}

  /// `spec` is absent for a container that was adopted: commands inside it then run with the
  /// standard identity. `why` and `reason` say what keeps it from being ready, when that is known.
  record Running(
      Container container,
      Optional<ContainerSpec> spec,
      boolean started,
      boolean ready,
      String why,
      String reason)
      implements ContainerState {
    Running judged(boolean nowReady, String message, String because) {
      return new Running(container, spec, started, nowReady, message, because);
    }
  }

  /// Ended for good, or until the back-off lets it start again.
  record Exited(
      ExitStatus exit, String containerId, Instant startedAt, String reason, String message)
      implements ContainerState {}
}
