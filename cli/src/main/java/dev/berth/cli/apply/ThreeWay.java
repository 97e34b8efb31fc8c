package dev.berth.cli.apply;

import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What to change in the live object so that it holds what is wanted now and no longer what was
/// wanted last time: a JSON merge patch. Fields that others set and we never mentioned stay.
final class ThreeWay {
  private ThreeWay() {}

  static ObjectNode patch(JsonNode last, JsonNode live, ObjectNode wanted) {
    ObjectNode patch = Json.object();
    for (var entry : wanted.properties()) {
      JsonNode there = live.path(entry.getKey());
      JsonNode want = entry.getValue();
      if (want instanceof ObjectNode object && there.isObject()) {
        ObjectNode inside = patch(last.path(entry.getKey()), there, object);
        if (!inside.isEmpty()) {
          patch.set(entry.getKey(), inside);
        }
      } else if (!want.equals(there)) {
        patch.set(entry.getKey(), want);
      }
    }
    for (var entry : last.properties()) {
      if (!wanted.has(entry.getKey()) && live.has(entry.getKey())) {
        patch.putNull(entry.getKey());
      }
    }
    return patch;
  }
}
