package dev.berth.dashboard.rows;

import dev.berth.api.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The images of a workload's pods.
final class Images {
  private Images() {}

  static List<String> of(JsonNode workload) {
    return Json.at(workload, "spec", "template", "spec", "containers")
        .valueStream()
        .map(container -> Json.text(container, "image"))
        .toList();
  }

  static void put(ObjectNode row, JsonNode workload) {
    ArrayNode images = row.putArray("images");
    of(workload).forEach(images::add);
  }
}
