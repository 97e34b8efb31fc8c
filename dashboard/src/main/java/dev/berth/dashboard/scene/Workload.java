package dev.berth.dashboard.scene;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What somebody made so that pods exist: a Deployment rather than its ReplicaSet.
public record Workload(String kind, String namespace, String name) {
  private static final String HASH = "pod-template-hash";

  /// Of the pod's controller; a ReplicaSet that a Deployment made has its name and a hash.
  public static Optional<Workload> of(JsonNode pod) {
    for (JsonNode owner : Json.at(pod, "metadata", "ownerReferences")) {
      if (owner.path("controller").asBoolean(false)) {
        return Optional.of(above(pod, Json.text(owner, "kind"), Json.text(owner, "name")));
      }
    }
    return Optional.empty();
  }

  private static Workload above(JsonNode pod, String kind, String name) {
    String namespace = Json.namespace(pod);
    String hash = "-" + Json.text(pod, "metadata", "labels", HASH);
    return kind.equals("ReplicaSet") && hash.length() > 1 && name.endsWith(hash)
        ? new Workload("Deployment", namespace, name.substring(0, name.length() - hash.length()))
        : new Workload(kind, namespace, name);
  }
}
