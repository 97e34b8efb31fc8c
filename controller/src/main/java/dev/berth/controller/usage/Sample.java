package dev.berth.controller.usage;

import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What an agent counted at one moment of its clock.
///
/// @param pods by the pod's uid, then by the container's name
public record Sample(Instant at, Use node, Map<String, Map<String, Use>> pods) {

  /// What one of them, or the host, used.
  ///
  /// @param cpuNanos nanoseconds of processor time since the beginning of what is counted
  /// @param memoryBytes the working set, now
  public record Use(long cpuNanos, long memoryBytes) {
    private static Use of(JsonNode node) {
      return new Use(node.path("cpuNanos").asLong(0), node.path("memoryBytes").asLong(0));
    }
  }

  /// Empty when the answer does not say when it was made.
  public static Optional<Sample> of(JsonNode answer) {
    Map<String, Map<String, Use>> pods = new HashMap<>();
    for (JsonNode pod : answer.path("pods")) {
      Map<String, Use> containers = new HashMap<>();
      pod.path("containers").forEach(each -> containers.put(Json.text(each, "name"), Use.of(each)));
      pods.put(Json.text(pod, "uid"), containers);
    }
    return Times.at(answer, "at").map(at -> new Sample(at, Use.of(answer.path("node")), pods));
  }
}
