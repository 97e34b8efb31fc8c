package dev.berth.agent.pod;

import dev.berth.agent.pod.PodSpec.Role;
import java.util.Collection;
import java.util.List;

/// Whose turn it is among the containers of a pod (kubernetes.io: "Init Containers", "Sidecar
/// Containers"). Pure; all are given in the order in which they begin.
///
/// ```
/// INIT      begins when those before it have passed; has passed when it ended with 0
/// SIDECAR   begins in the same row; has passed once it was started; ends after the mains
/// MAIN      begins when all of these have passed
/// ```
final class Turns {
  private Turns() {}

  /// Whether it may begin now, or begin again.
  static boolean mayRun(Collection<Tracked> all, Tracked t) {
    if (done(all)) {
      return false;
    }
    for (Tracked other : all) {
      if (other == t) {
        return true;
      }
      if (!hasPassed(other)) {
        return false;
      }
    }
    return true;
  }

  /// A main container holds up none.
  private static boolean hasPassed(Tracked t) {
    return switch (t.role) {
      case INIT -> t.state instanceof ContainerState.Exited e && e.exit().success();
      case SIDECAR -> t.startedOnce;
      case MAIN -> true;
    };
  }

  /// The names of those that the main containers wait for.
  static List<String> incomplete(Collection<Tracked> all) {
    return all.stream().filter(t -> !hasPassed(t)).map(t -> t.name).toList();
  }

  /// An init container that is not tried again has failed: no main container will ever run.
  static boolean hasFailed(Collection<Tracked> all) {
    return all.stream()
        .anyMatch(
            t ->
                t.role == Role.INIT
                    && t.state instanceof ContainerState.Exited e
                    && !e.exit().success());
  }

  /// No main container will run any more; sidecars have nothing left to serve.
  static boolean done(Collection<Tracked> all) {
    return hasFailed(all)
        || all.stream()
            .filter(t -> t.role == Role.MAIN)
            .allMatch(t -> t.state instanceof ContainerState.Exited);
  }

  static boolean isStill(Collection<Tracked> all) {
    return all.stream().noneMatch(t -> t.state instanceof ContainerState.Running);
  }

  /// Nothing runs any more, and nothing will.
  static boolean over(Collection<Tracked> all) {
    return done(all) && isStill(all);
  }
}
