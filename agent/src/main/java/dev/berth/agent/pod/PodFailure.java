package dev.berth.agent.pod;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Why a pod as a whole has failed, as its status says it.
record PodFailure(String reason, String message) {
  static final PodFailure DEADLINE_EXCEEDED =
      new PodFailure(
          "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");

  /// It has used more of the node than it may.
  static PodFailure evicted(String message) {
    return new PodFailure("Evicted", message);
  }

  /// As an agent before this one has told it: a pod that has failed stays failed.
  static Optional<PodFailure> told(JsonNode pod) {
    JsonNode status = pod.path("status");
    String reason = status.path("reason").asString("");
    return status.path("phase").asString("").equals("Failed") && !reason.isEmpty()
        ? Optional.of(new PodFailure(reason, status.path("message").asString("")))
        : Optional.empty();
  }

  /// Until when it may be active (`spec.activeDeadlineSeconds`), from its start on this node.
  static Optional<Instant> deadline(JsonNode pod, Instant start) {
    JsonNode seconds = pod.path("spec").path("activeDeadlineSeconds");
    return seconds.isNumber()
        ? Optional.of(start.plus(Duration.ofSeconds(seconds.asLong())))
        : Optional.empty();
  }
}
