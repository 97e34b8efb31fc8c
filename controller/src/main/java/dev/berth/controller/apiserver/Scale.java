package dev.berth.controller.apiserver;

import dev.berth.api.Json;
import dev.berth.api.LabelSelector;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The view `autoscaling/v1 Scale` of a workload: its replicas and nothing else.
final class Scale {
  private Scale() {}

  static ObjectNode of(ObjectNode workload) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode meta = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      JsonNode value = workload.path("metadata").path(field);
      if (!value.isMissingNode()) {
        meta.set(field, value);
      }
    }
    scale.putObject("spec").put("replicas", Json.at(workload, "spec", "replicas").asInt(0));
    scale
        .putObject("status")
        .put("replicas", Json.at(workload, "status", "replicas").asInt(0))
        .put("selector", LabelSelector.of(Json.at(workload, "spec", "selector")).toString());
    return scale;
  }

  /// The workload with the replicas that the scale asks for, and its revision where it names one.
  static ObjectNode apply(ObjectNode scale, ObjectNode workload) {
    Json.ensure(workload, "spec").put("replicas", Json.at(scale, "spec", "replicas").asInt(0));
    String revision = Json.resourceVersion(scale);
    if (!revision.isEmpty()) {
      Json.meta(workload).put("resourceVersion", revision);
    }
    return workload;
  }
}
