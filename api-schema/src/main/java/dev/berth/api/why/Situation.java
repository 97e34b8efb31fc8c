package dev.berth.api.why;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// What was read about one object: the object itself and everything of its namespace (and the
/// nodes) that may explain it. Reading too much does no harm; what is missing is not explained.
public record Situation(
    JsonNode target,
    List<JsonNode> pods,
    List<JsonNode> deployments,
    List<JsonNode> builds,
    List<JsonNode> services,
    List<JsonNode> nodes,
    List<JsonNode> events) {
  public Situation {
    pods = List.copyOf(pods);
    deployments = List.copyOf(deployments);
    builds = List.copyOf(builds);
    services = List.copyOf(services);
    nodes = List.copyOf(nodes);
    events = List.copyOf(events);
  }

  public static Situation of(JsonNode target) {
    return new Situation(target, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
  }
}
