package dev.berth.agent.pod;

import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.pod.PodSpec.RestartPolicy;
import dev.berth.agent.pod.PodSpec.Role;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;

/// Whether and when a container that ended is started again. Pure.
record Restart(boolean again, Backoff backoff, ContainerState.Waiting waiting) {
  static Restart after(
      ExitStatus exit,
      RestartPolicy policy,
      boolean ending,
      Backoff before,
      Instant startedAt,
      int restarts,
      Instant now) {
    boolean again =
        !ending
            && (policy == RestartPolicy.ALWAYS
                || (policy == RestartPolicy.ON_FAILURE && !exit.success()));
    Backoff backoff = before.after(Duration.between(startedAt, exit.at()));
    return new Restart(again, backoff, waiting(backoff.pause(), restarts, now));
  }

  /// Init containers run until they succeed; under Never they have one try, as all have.
  static RestartPolicy policy(Role role, RestartPolicy ofPod) {
    return switch (role) {
      case MAIN -> ofPod;
      case SIDECAR -> RestartPolicy.ALWAYS;
      case INIT -> ofPod == RestartPolicy.NEVER ? RestartPolicy.NEVER : RestartPolicy.ON_FAILURE;
    };
  }

  /// The time is absolute and stays as it is: a countdown would be written anew each second.
  static ContainerState.Waiting waiting(Duration pause, int restarts, Instant from) {
    Instant until = from.plus(pause);
    return pause.isZero()
        ? new ContainerState.Waiting("ContainerCreating", "", until)
        : new ContainerState.Waiting(
            "CrashLoopBackOff",
            "restarted "
                + restarts
                + (restarts == 1 ? " time" : " times")
                + "; next try at "
                + Times.format(until)
                + " (in "
                + pause.toSeconds()
                + " s)",
            until);
  }
}
