package dev.berth.controller.deployment;

import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;

/// How many pods may be too many or too few while a Deployment changes.
record Strategy(boolean recreate, int replicas, int maxSurge, int maxUnavailable) {

  /// Surge is rounded up, unavailability down; when both come out as nothing, one pod may be
  /// missing, or no update could ever begin.
  static Strategy of(JsonNode deployment) {
    JsonNode spec = deployment.path("spec");
    int replicas = spec.path("replicas").asInt(1);
    JsonNode rolling = Json.at(spec, "strategy", "rollingUpdate");
    int surge = share(rolling.path("maxSurge"), replicas, true);
    int unavailable = share(rolling.path("maxUnavailable"), replicas, false);
    boolean recreate = Json.text(spec, "strategy", "type").equals("Recreate");
    return new Strategy(
        recreate,
        replicas,
        surge,
        surge == 0 && unavailable == 0 ? 1 : Math.min(unavailable, replicas));
  }

  private static int share(JsonNode value, int replicas, boolean up) {
    String text = value.isMissingNode() ? "25%" : value.asString("25%");
    if (!text.endsWith("%")) {
      return Math.max(0, value.asInt(0));
    }
    double share = Integer.parseInt(text.substring(0, text.length() - 1)) * replicas / 100.0;
    return (int) (up ? Math.ceil(share) : Math.floor(share));
  }

  int minAvailable() {
    return replicas - maxUnavailable;
  }
}
