package dev.berth.api.why;

import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Which causes somebody has to repair, and which may pass: whoever waits for an app ends with the
/// former. Pure; no default, so that a new reason does not compile undecided.
public final class Patience {
  /// A reconciler may be one event behind, and what is missing may be on its way.
  private static final Duration SHORT = Duration.ofSeconds(6);

  /// A server may open another port, or answer strangely, while it still loads.
  private static final Duration LONG = Duration.ofSeconds(20);

  /// Seconds; the controller writes it on the pods of a ModelApp.
  private static final String STARTUP_TIMEOUT = "berth.dev/startup-timeout";

  private Patience() {}

  /// The same of what a pod suffers: a server that is given time to start may open another port, or
  /// answer strangely, as long as that time lasts.
  public static Optional<Duration> of(Cause cause, JsonNode pod) {
    return of(cause).map(patience -> patience.equals(LONG) ? longer(LONG, start(pod)) : patience);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  /// What the pod's first container is given until it must answer.
  private static Duration start(JsonNode pod) {
    JsonNode probe = Json.at(pod, "spec", "containers").path(0).path("startupProbe");
    long probed =
        probe.isObject()
            ? probe.path("initialDelaySeconds").asLong(0)
                + probe.path("periodSeconds").asLong(10) * probe.path("failureThreshold").asLong(3)
            : 0;
    String said = Json.annotation(pod, STARTUP_TIMEOUT).orElse("0");
    long given = said.matches("[0-9]{1,9}") ? Long.parseLong(said) : 0;
    return Duration.ofSeconds(Math.max(probed, given));
  }

  /// How long the cause must have lasted until waiting on is in vain; empty where it may heal by
  /// itself, and for words that nobody knows.
  public static Optional<Duration> of(Cause cause) {
    return Reason.of(cause.reason()).flatMap(reason -> of(reason, cause.message()));
  }

  private static Optional<Duration> of(Reason reason, String message) {
    return switch (reason) {
      case BUILD_FAILED -> Optional.of(Duration.ZERO);

      case HOST_CONFLICT,
          NAME_TAKEN,
          REFUSED,
          CONTEXT_MISSING,
          AMBIGUOUS_PORT,
          IMAGE_NOT_FOUND,
          REGISTRY_UNREACHABLE,
          LOGIN_NEEDED,
          WRONG_PLATFORM,
          DIGEST_MISMATCH,
          NO_SPACE,
          INVALID_IMAGE_NAME,
          IMAGE_PULL_FAILED,
          SECRET_NOT_FOUND,
          SECRET_KEY_NOT_FOUND,
          CONFIG_MAP_NOT_FOUND,
          CONFIG_MAP_KEY_NOT_FOUND,
          NODE_NOT_FOUND,
          COMMAND_NOT_FOUND,
          NOT_EXECUTABLE,
          WRONG_ARCHITECTURE,
          INTERPRETER_MISSING,
          NO_PERMISSION,
          READ_ONLY_ROOT,
          START_FAILED ->
          Optional.of(SHORT);

      case PORT_NOT_LISTENING,
          LISTENS_ON_LOOPBACK,
          LISTENS_ON_IPV6_ONLY,
          PROTOCOL_MISMATCH,
          MODEL_NAME_MISMATCH,
          INVALID_ANSWER ->
          Optional.of(LONG);

      case UNSCHEDULABLE -> fitsNowhere(message) ? Optional.of(SHORT) : Optional.empty();

      // Another try, more time, a host that comes back or an older pod that goes may heal these. A
      // container that has ended is judged by its restarts.
      case BUILD_MISSING,
          NO_NODE,
          NODE_LOST,
          DISK_PRESSURE,
          MEMORY_PRESSURE,
          PID_PRESSURE,
          PORT_TAKEN,
          KERNEL_FEATURE_MISSING,
          EVICTED,
          EXITED_AT_ONCE,
          EXITED_EARLY,
          KILLED_BY_SIGNAL,
          OUT_OF_MEMORY,
          TOO_MANY_PROCESSES,
          TOO_MANY_FILES,
          DISK_FULL,
          HANGS_BEFORE_LISTENING,
          NEVER_READY,
          PROBE_TIMEOUT,
          NO_READY_REPLICA,
          SELECTOR_MATCHES_NOTHING ->
          Optional.empty();
    };
  }

  /// No pod that ends makes room for more than the largest node has, and no label comes by itself.
  private static boolean fitsNowhere(String message) {
    return message.contains("more than any node has")
        || message.contains("no node has the label")
        || message.contains("does not exist");
  }

  /// Of what Kubernetes says of a container that is tried again and again.
  public static Duration ofRetries() {
    return SHORT;
  }
}
