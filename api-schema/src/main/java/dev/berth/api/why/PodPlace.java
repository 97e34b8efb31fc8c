package dev.berth.api.why;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A pod and how its user calls its fields: `spec.model.port` in a ModelApp, the pod's own field
/// elsewhere.
///
/// @param component `model` or `app`, or empty for a pod that no ModelApp made
record PodPlace(JsonNode pod, String component) {

  String subject() {
    return "pod " + name();
  }

  String name() {
    return Json.name(pod);
  }

  String node() {
    return Json.text(pod, "spec", "nodeName");
  }

  JsonNode container() {
    return Json.at(pod, "spec", "containers").path(0);
  }

  String image() {
    return Json.text(container(), "image");
  }

  /// Of the container: `image`, `command`, `resources.limits.memory` ...
  String field(String name) {
    return component.isEmpty() ? podSpec() + ".containers[0]." + name : spec() + name;
  }

  String port() {
    return component.isEmpty() ? field("ports[0].containerPort") : spec() + "port";
  }

  /// Of the pod: `nodeSelector`, `tolerations`.
  String podField(String name) {
    return component.isEmpty() ? podSpec() + "." + name : spec() + "podTemplate." + name;
  }

  String securityField(String name) {
    String path = "containers[0].securityContext." + name;
    return component.isEmpty() ? podSpec() + "." + path : spec() + "podTemplate." + path;
  }

  /// How long it may take to start.
  String startupField() {
    return component.isEmpty()
        ? field("startupProbe.failureThreshold")
        : spec() + "health.startupTimeout";
  }

  private String spec() {
    return "spec." + component + ".";
  }

  private String podSpec() {
    return Json.at(pod, "metadata", "ownerReferences").isEmpty() ? "spec" : "spec.template.spec";
  }

  /// What made the image of this pod is a build of its ModelApp.
  boolean isBuilt() {
    String app = Json.labels(pod).getOrDefault("berth.dev/modelapp", "");
    return !component.isEmpty()
        && image().startsWith(Json.namespace(pod) + "/" + app + "-" + component + "@");
  }

  Optional<String> limit(String resource) {
    return Optional.of(Json.text(container(), "resources", "limits", resource))
        .filter(text -> !text.isEmpty());
  }

  /// What the spec says that the container listens on.
  Optional<String> declaredPort() {
    return Json.annotation(pod, "berth.dev/port")
        .or(
            () ->
                Optional.of(Json.text(container().path("ports").path(0), "containerPort"))
                    .filter(text -> !text.isEmpty()));
  }

  String logs() {
    return "berth logs pod/" + name();
  }

  String earlierLogs() {
    return logs() + " --previous";
  }

  String describe() {
    return "berth describe pod/" + name();
  }
}
