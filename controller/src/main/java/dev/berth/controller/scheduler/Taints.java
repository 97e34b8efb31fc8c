package dev.berth.controller.scheduler;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Taints keep pods off a node, tolerations let them on.
public final class Taints {
  private Taints() {}

  /// The first taint that keeps the pod off, as kubectl prints it.
  public static Optional<String> intolerable(JsonNode pod, JsonNode node) {
    for (JsonNode taint : Json.at(node, "spec", "taints")) {
      boolean keepsOff = !Json.text(taint, "effect").equals("PreferNoSchedule");
      if (keepsOff && !isTolerated(pod, taint)) {
        return Optional.of("{" + Json.text(taint, "key") + ": " + Json.text(taint, "value") + "}");
      }
    }
    return Optional.empty();
  }

  private static boolean isTolerated(JsonNode pod, JsonNode taint) {
    for (JsonNode toleration : Json.at(pod, "spec", "tolerations")) {
      if (tolerates(toleration, taint)) {
        return true;
      }
    }
    return false;
  }

  private static boolean tolerates(JsonNode toleration, JsonNode taint) {
    String key = Json.text(toleration, "key");
    String effect = Json.text(toleration, "effect");
    boolean exists = Json.text(toleration, "operator").equals("Exists");
    boolean sameKey = key.isEmpty() ? exists : key.equals(Json.text(taint, "key"));
    boolean sameEffect = effect.isEmpty() || effect.equals(Json.text(taint, "effect"));
    boolean sameValue = exists || Json.text(toleration, "value").equals(Json.text(taint, "value"));
    return sameKey && sameEffect && sameValue;
  }
}
