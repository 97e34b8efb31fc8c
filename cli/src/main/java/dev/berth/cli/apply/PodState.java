package dev.berth.cli.apply;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.why.Cause;
import dev.berth.api.why.Patience;
import dev.berth.api.why.PodCauses;
import dev.berth.cli.progress.Row.State;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// How a pod stands, in a word or two, and whether that can still become well by itself. Pure.
///
/// @param patience how long a failure must last before it is one; empty while it may pass
record PodState(State state, String text, boolean crashed, Optional<Duration> patience) {
  private static final Set<String> HOPELESS =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  /// `component` as PodCauses takes it.
  static PodState of(JsonNode pod, String component) {
    PodState shown = shown(pod);
    return shown.state() == State.RUNNING
        ? PodCauses.of(pod, component).map(cause -> shown.because(cause, pod)).orElse(shown)
        : shown;
  }

  /// A pod that runs, or waits, and never will be ready: its cause says so.
  private PodState because(Cause cause, JsonNode pod) {
    return Patience.of(cause, pod)
        .map(
            patience ->
                new PodState(
                    State.FAILED,
                    joined(cause.reason(), cause.message()),
                    crashed,
                    Optional.of(patience)))
        .orElse(this);
  }

  private static PodState going(State state, String text) {
    return new PodState(state, text, false, Optional.empty());
  }

  private static PodState failed(String text, boolean crashed) {
    return new PodState(State.FAILED, text, crashed, Optional.of(Patience.ofRetries()));
  }

  private static PodState shown(JsonNode pod) {
    if (Json.isDeleting(pod)) {
      return going(State.UNCHANGED, "Terminating");
    }
    JsonNode container = Json.at(pod, "status", "containerStatuses").path(0);
    JsonNode waiting = Json.at(container, "state", "waiting");
    JsonNode ended = Json.at(container, "state", "terminated");
    if (waiting.isObject()) {
      return waiting(waiting);
    }
    if (ended.isObject()) {
      String code = Json.text(ended, "exitCode");
      String text = joined(Json.text(ended, "reason"), "exit code " + code);
      return code.equals("0") ? going(State.RUNNING, text) : failed(text, true);
    }
    if (Conditions.isTrue(pod, "Ready")) {
      return going(State.DONE, "Ready" + restarts(container));
    }
    return going(
        State.RUNNING,
        container.path("state").has("running")
            ? joined("Running, not ready" + restarts(container), holdingBack(pod))
            : placed(pod));
  }

  private static PodState waiting(JsonNode waiting) {
    String reason = Json.text(waiting, "reason");
    String text = joined(reason, Json.text(waiting, "message"));
    return HOPELESS.contains(reason)
        ? failed(text, reason.equals("CrashLoopBackOff"))
        : going(State.RUNNING, text);
  }

  private static String restarts(JsonNode container) {
    int count = container.path("restartCount").asInt(0);
    return count == 0 ? "" : ", restarted " + count + (count == 1 ? " time" : " times");
  }

  /// What the agent or the controller says of a pod that runs.
  private static String holdingBack(JsonNode pod) {
    return diagnosis(pod)
        .or(() -> Conditions.find(pod, "ContainersReady").map(Condition::message))
        .or(() -> Conditions.find(pod, "Ready").map(Condition::message))
        .orElse("");
  }

  /// The agent's word where there is one: it names the port, the protocol, the loopback.
  private static Optional<String> diagnosis(JsonNode pod) {
    return Conditions.find(pod, PodCauses.DIAGNOSIS)
        .filter(said -> said.status().equals(Condition.FALSE))
        .map(said -> joined(said.reason(), said.message()));
  }

  /// Not placed yet: the scheduler's reason per node is the whole story.
  private static String placed(JsonNode pod) {
    return Conditions.find(pod, "PodScheduled")
        .filter(said -> said.status().equals(Condition.FALSE))
        .map(said -> joined(said.reason(), said.message()))
        .orElseGet(() -> Json.text(pod, "spec", "nodeName").isEmpty() ? "Pending" : "Starting");
  }

  private static String joined(String reason, String message) {
    return message.isEmpty() ? reason : reason + ": " + message;
  }
}
