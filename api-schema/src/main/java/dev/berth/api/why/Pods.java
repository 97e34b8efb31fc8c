package dev.berth.api.why;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What is asked of pods again and again.
final class Pods {
  static final String MODEL_APP = "berth.dev/modelapp";
  static final String COMPONENT = "berth.dev/component";

  private Pods() {}

  static boolean isReady(JsonNode pod) {
    return Conditions.isTrue(pod, "Ready") && !Json.isDeleting(pod);
  }

  /// `model` or `app` in a ModelApp, else empty.
  static String component(JsonNode pod) {
    return Json.labels(pod).containsKey(MODEL_APP)
        ? Json.labels(pod).getOrDefault(COMPONENT, "")
        : "";
  }

  static List<JsonNode> of(List<JsonNode> pods, String modelApp, String component) {
    return pods.stream()
        .filter(pod -> Json.labels(pod).getOrDefault(MODEL_APP, "").equals(modelApp))
        .filter(pod -> component(pod).equals(component))
        .toList();
  }

  /// The causes of all that fail, earliest layer first.
  static List<Cause> causes(List<JsonNode> pods, List<JsonNode> nodes) {
    return pods.stream()
        .flatMap(pod -> cause(pod, nodes).stream())
        .sorted(Comparator.comparing(Cause::layer))
        .toList();
  }

  static Optional<Cause> cause(JsonNode pod, List<JsonNode> nodes) {
    String node = Json.text(pod, "spec", "nodeName");
    boolean unknown =
        !node.isEmpty()
            && !nodes.isEmpty()
            && !Json.isDeleting(pod)
            && nodes.stream().noneMatch(n -> Json.name(n).equals(node));
    return PodCauses.of(pod, component(pod))
        .or(
            () ->
                unknown
                    ? Optional.of(PodCauses.nodeNotFound(pod, component(pod)))
                    : Optional.empty());
  }

  private static String restarted(JsonNode status) {
    int times = status.path("restartCount").asInt(0);
    return times == 0 ? "" : "; restarted " + (times == 1 ? "once" : times + " times");
  }

  /// What the containers are busy with: `CrashLoopBackOff: restarted 4 times; next try at ...`.
  static Optional<String> doing(JsonNode pod) {
    for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
      JsonNode waiting = Json.at(status, "state", "waiting");
      String reason = Json.text(waiting, "reason");
      if (!reason.isEmpty()) {
        String message = Json.text(waiting, "message");
        return Optional.of(reason + (message.isEmpty() ? "" : ": " + message));
      }
      if (Json.at(status, "state", "running").isObject() && !isReady(pod)) {
        return Optional.of("runs, but is not ready" + restarted(status));
      }
    }
    return Json.text(pod, "spec", "nodeName").isEmpty()
        ? Optional.of("waits for a node")
        : Optional.empty();
  }
}
