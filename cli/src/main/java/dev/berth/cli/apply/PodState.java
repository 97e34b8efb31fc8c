package dev.berth.cli.apply;

import dev.berth.api.Json;
import dev.berth.cli.progress.Row.State;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// How a pod stands, in a word or two, and whether that can still become well by itself. Pure.
record PodState(State state, String text, boolean crashed) {
  private static final Set<String> HOPELESS =
      Set.of(
          "ErrImagePull",
          "ImagePullBackOff",
          "InvalidImageName",
          "CreateContainerError",
          "RunContainerError",
          "CrashLoopBackOff");

  static PodState of(JsonNode pod) {
    if (Json.isDeleting(pod)) {
      return new PodState(State.UNCHANGED, "Terminating", false);
    }
    JsonNode container = Json.at(pod, "status", "containerStatuses").path(0);
    JsonNode waiting = Json.at(container, "state", "waiting");
    JsonNode ended = Json.at(container, "state", "terminated");
    if (waiting.isObject()) {
      return waiting(waiting);
    }
    if (ended.isObject()) {
      boolean well = Json.text(ended, "exitCode").equals("0");
      return new PodState(
          well ? State.RUNNING : State.FAILED,
          joined(Json.text(ended, "reason"), "exit code " + Json.text(ended, "exitCode")),
          !well);
    }
    if (isReady(pod)) {
      return new PodState(State.DONE, "Ready" + restarts(container), false);
    }
    return container.path("state").has("running")
        ? new PodState(
            State.RUNNING,
            joined("Running, not ready" + restarts(container), holdingBack(pod)),
            false)
        : new PodState(State.RUNNING, joined(placed(pod), ""), false);
  }

  private static PodState waiting(JsonNode waiting) {
    String reason = Json.text(waiting, "reason");
    boolean hopeless = HOPELESS.contains(reason);
    return new PodState(
        hopeless ? State.FAILED : State.RUNNING,
        joined(reason, Json.text(waiting, "message")),
        reason.equals("CrashLoopBackOff"));
  }

  private static String restarts(JsonNode container) {
    int count = container.path("restartCount").asInt(0);
    return count == 0 ? "" : ", restarted " + count + (count == 1 ? " time" : " times");
  }

  private static boolean isReady(JsonNode pod) {
    return Json.text(condition(pod, "Ready"), "status").equals("True");
  }

  /// The agent's diagnosis where there is one: it names the port, the protocol, the loopback.
  private static String holdingBack(JsonNode pod) {
    JsonNode diagnosis = condition(pod, "berth.dev/Diagnosis");
    if (Json.text(diagnosis, "status").equals("False")) {
      return joined(Json.text(diagnosis, "reason"), Json.text(diagnosis, "message"));
    }
    JsonNode ready = condition(pod, "ContainersReady");
    return Json.text(ready.isMissingNode() ? condition(pod, "Ready") : ready, "message");
  }

  /// Not placed yet: the scheduler's reason per node is the whole story.
  private static String placed(JsonNode pod) {
    JsonNode scheduled = condition(pod, "PodScheduled");
    return Json.text(scheduled, "status").equals("False")
        ? joined(Json.text(scheduled, "reason"), Json.text(scheduled, "message"))
        : Json.optional(pod, "spec", "nodeName").map(_ -> "Starting").orElse("Pending");
  }

  private static JsonNode condition(JsonNode pod, String type) {
    for (JsonNode condition : Json.at(pod, "status", "conditions")) {
      if (Json.text(condition, "type").equals(type)) {
        return condition;
      }
    }
    return pod.path("no such condition");
  }

  private static String joined(String reason, String message) {
    return message.isEmpty() ? reason : reason + ": " + message;
  }
}
