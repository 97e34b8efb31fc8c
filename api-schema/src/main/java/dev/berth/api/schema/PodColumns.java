package dev.berth.api.schema;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A pod's row. The status column is the most telling word: what a container waits for or ended
/// with, before the phase.
final class PodColumns {
  private PodColumns() {}

  static List<Column> all() {
    return List.of(
        Cells.name(),
        Cells.text("Ready", "Ready containers of all containers.", PodColumns::ready),
        Cells.text("Status", "The state of the pod in one word.", PodColumns::status),
        Cells.timed(
            "Restarts", "Restarts of all containers, and when the last was.", PodColumns::restarts),
        Cells.age(),
        Cells.wide(
            "IP", "Address of the pod.", pod -> Cells.orNone(Json.text(pod, "status", "podIP"))),
        Cells.wide(
            "Node", "Node of the pod.", pod -> Cells.orNone(Json.text(pod, "spec", "nodeName"))),
        Cells.wide(
            "Nominated Node",
            "Node that will have room for the pod.",
            pod -> Cells.orNone(Json.text(pod, "status", "nominatedNodeName"))),
        Cells.wide("Readiness Gates", "Conditions that must be true as well.", _ -> Cells.NONE));
  }

  private static JsonNode statuses(JsonNode pod) {
    return Json.at(pod, "status", "containerStatuses");
  }

  private static String ready(JsonNode pod) {
    long ready =
        statuses(pod).valueStream().filter(status -> status.path("ready").asBoolean(false)).count();
    return ready + "/" + Json.at(pod, "spec", "containers").size();
  }

  static String status(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    String word =
        Json.optional(pod, "status", "reason").orElse(phase.isEmpty() ? "Unknown" : phase);
    boolean running = false;
    JsonNode containers = statuses(pod);
    for (int i = containers.size() - 1; i >= 0; i--) {
      JsonNode status = containers.path(i);
      running |= status.path("ready").asBoolean(false) && status.path("state").has("running");
      word = containerWord(status.path("state")).orElse(word);
    }
    if (word.equals("Completed") && running) {
      word = Conditions.isTrue(pod, "Ready") ? "Running" : "NotReady";
    }
    boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
    return Json.isDeleting(pod) && !ended ? "Terminating" : word;
  }

  private static Optional<String> containerWord(JsonNode state) {
    Optional<String> waiting = Json.optional(state, "waiting", "reason");
    if (waiting.isPresent()) {
      return waiting;
    }
    JsonNode terminated = state.path("terminated");
    return terminated.isObject() ? Optional.of(terminatedWord(terminated)) : Optional.empty();
  }

  private static String terminatedWord(JsonNode terminated) {
    long signal = terminated.path("signal").asLong(0);
    return Json.optional(terminated, "reason")
        .orElse(
            signal != 0 ? "Signal:" + signal : "ExitCode:" + terminated.path("exitCode").asLong(0));
  }

  private static String restarts(JsonNode pod, Instant now) {
    long count =
        statuses(pod)
            .valueStream()
            .mapToLong(status -> status.path("restartCount").asLong(0))
            .sum();
    Optional<Instant> last =
        statuses(pod)
            .valueStream()
            .flatMap(status -> Times.at(status, "lastState", "terminated", "finishedAt").stream())
            .max(Comparator.naturalOrder());
    return count == 0 || last.isEmpty()
        ? Long.toString(count)
        : count + " (" + Times.age(Duration.between(last.get(), now)) + " ago)";
  }
}
