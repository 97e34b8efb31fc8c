package dev.berth.controller.reconcile;

import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Something worth telling about an object: it becomes an Event. `warning` says whether it is bad.
public record Note(
    ObjectNode involved, boolean warning, String reason, String message, String component) {
  public static Note normal(JsonNode object, String reason, String message, String component) {
    return new Note(reference(object), false, reason, message, component);
  }

  public static Note warning(JsonNode object, String reason, String message, String component) {
    return new Note(reference(object), true, reason, message, component);
  }

  private static ObjectNode reference(JsonNode object) {
    ObjectNode reference = Json.object();
    reference.put("kind", Json.text(object, "kind")).put("namespace", Json.namespace(object));
    reference.put("name", Json.name(object)).put("uid", Json.uid(object));
    return reference
        .put("apiVersion", Json.text(object, "apiVersion"))
        .put("resourceVersion", Json.resourceVersion(object));
  }
}
