package dev.berth.controller.scheduler;

import dev.berth.api.Json;
import dev.berth.api.Requests;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The nodes, and how much of each is spoken for.
public record Snapshot(List<Place> places) {
  public Snapshot {
    places = List.copyOf(places);
  }

  /// A node, what it has, and what the pods on it ask for together.
  public record Place(ObjectNode node, Requests has, Requests used) {
    public String name() {
      return Json.name(node);
    }

    Requests free() {
      return has.minus(used);
    }
  }

  public static Snapshot of(List<ObjectNode> nodes, List<ObjectNode> pods) {
    Map<String, Requests> used = new HashMap<>();
    for (ObjectNode pod : pods) {
      if (isOnNode(pod)) {
        used.merge(node(pod), Requests.of(pod), Requests::plus);
      }
    }
    Map<String, Place> places = new LinkedHashMap<>();
    for (ObjectNode node : nodes) {
      String name = Json.name(node);
      places.put(
          name,
          new Place(node, Requests.allocatable(node), used.getOrDefault(name, Requests.NONE)));
    }
    return new Snapshot(List.copyOf(places.values()));
  }

  /// The name of the pod's node; empty while it has none.
  static String node(JsonNode pod) {
    return Json.text(pod, "spec", "nodeName");
  }

  /// Whether the pod takes anything of a node.
  static boolean isOnNode(JsonNode pod) {
    return !node(pod).isEmpty() && !isFinished(pod);
  }

  /// A finished pod takes nothing; one that is being deleted still runs.
  private static boolean isFinished(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }
}
