package dev.berth.cli.apply;

import dev.berth.api.Json;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What to change in the live object so that it holds what is wanted now and no longer what was
/// wanted last time: a JSON merge patch. Fields that others set and we never mentioned stay.
final class ThreeWay {
  /// To these lists the server adds by itself.
  private static final Set<String> GROWING = Set.of("volumes", "volumeMounts");

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
      } else if (!want.equals(there)
          && !holds(entry.getKey(), there, last.path(entry.getKey()), want)) {
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

  /// Whether a list that nobody changed here says the same as before: the server may have completed
  /// its objects, and put a pod's token behind its volumes and mounts. Whatever else has grown is
  /// changed back: a rule more in a Role is what nobody here allowed.
  private static boolean holds(String name, JsonNode there, JsonNode last, JsonNode want) {
    return want.isArray() && want.equals(last) && covers(name, there, want);
  }

  /// @param name of the field
  private static boolean covers(String name, JsonNode there, JsonNode want) {
    if (want.isObject()) {
      return there.isObject()
          && want.properties().stream()
              .allMatch(
                  entry -> covers(entry.getKey(), there.path(entry.getKey()), entry.getValue()));
    }
    boolean fits =
        there.size() == want.size() || (there.size() > want.size() && GROWING.contains(name));
    if (!want.isArray() || !there.isArray() || !fits) {
      return want.equals(there);
    }
    for (int i = 0; i < want.size(); i++) {
      if (!covers("", there.path(i), want.path(i))) {
        return false;
      }
    }
    return true;
  }
}
