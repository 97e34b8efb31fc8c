package dev.berth.api.schema;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  private static JsonNode initStatuses(JsonNode pod) {
    return Json.at(pod, "status", "initContainerStatuses");
  }

  /// The init containers that run beside the others, by name.
  private static Set<String> sidecars(JsonNode pod) {
    return Json.at(pod, "spec", "initContainers")
        .valueStream()
        .filter(container -> Json.text(container, "restartPolicy").equals("Always"))
        .map(container -> Json.text(container, "name"))
        .collect(Collectors.toSet());
  }

  private static Stream<JsonNode> sidecarStatuses(JsonNode pod) {
    Set<String> sidecars = sidecars(pod);
    return initStatuses(pod)
        .valueStream()
        .filter(status -> sidecars.contains(Json.text(status, "name")));
  }

  private static String ready(JsonNode pod) {
    long ready =
        Stream.concat(
                sidecarStatuses(pod).filter(status -> status.path("started").asBoolean(false)),
                statuses(pod).valueStream())
            .filter(status -> status.path("ready").asBoolean(false))
            .count();
    return ready + "/" + (Json.at(pod, "spec", "containers").size() + sidecars(pod).size());
  }

  static String status(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
    if (Json.isDeleting(pod) && !ended) {
      return "Terminating";
    }
    Optional<String> initializing = initializing(pod);
    if (initializing.isPresent() && !Conditions.isTrue(pod, "Initialized")) {
      return initializing.get();
    }
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
      return Conditions.isTrue(pod, "Ready") ? "Running" : "NotReady";
    }
    return word;
  }

  /// Of the first init container that has not done its part; empty where all have.
  private static Optional<String> initializing(JsonNode pod) {
    Set<String> sidecars = sidecars(pod);
    JsonNode all = initStatuses(pod);
    for (int i = 0; i < all.size(); i++) {
      JsonNode status = all.path(i);
      JsonNode terminated = status.path("state").path("terminated");
      boolean sidecar = sidecars.contains(Json.text(status, "name"));
      boolean done =
          (terminated.isObject() && terminated.path("exitCode").asLong(0) == 0)
              || (sidecar && status.path("started").asBoolean(false));
      if (!done) {
        String passed = i + "/" + Json.at(pod, "spec", "initContainers").size();
        return Optional.of(
            "Init:"
                + containerWord(status.path("state"))
                    .filter(word -> !word.equals("PodInitializing"))
                    .orElse(passed));
      }
    }
    return Optional.empty();
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

  /// While a pod begins, those of its init containers; then of all that run on.
  private static String restarts(JsonNode pod, Instant now) {
    boolean begins = initializing(pod).isPresent() && !Conditions.isTrue(pod, "Initialized");
    List<JsonNode> counted =
        begins
            ? initStatuses(pod).valueStream().toList()
            : Stream.concat(sidecarStatuses(pod), statuses(pod).valueStream()).toList();
    long count = counted.stream().mapToLong(s -> s.path("restartCount").asLong(0)).sum();
    Optional<Instant> last =
        counted.stream()
            .flatMap(status -> Times.at(status, "lastState", "terminated", "finishedAt").stream())
            .max(Comparator.naturalOrder());
    return count == 0 || last.isEmpty()
        ? Long.toString(count)
        : count + " (" + Times.age(Duration.between(last.get(), now)) + " ago)";
  }
}
