package dev.berth.controller.modelapp;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Small questions about pods and deployments.
final class Workloads {
  private Workloads() {}

  static boolean isReady(JsonNode pod) {
    return Conditions.isTrue(pod, "Ready");
  }

  static boolean serves(ObjectNode pod) {
    return isReady(pod) && !Json.isDeleting(pod);
  }

  static int revisionNumber(JsonNode deployment) {
    String revision = Json.labels(deployment).getOrDefault(Labels.REVISION, "r0");
    try {
      return Integer.parseInt(revision.substring(1));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      return 0;
    }
  }

  static String component(JsonNode object) {
    return Json.labels(object).getOrDefault(Labels.COMPONENT, "");
  }

  static int replicas(JsonNode deployment) {
    return Json.at(deployment, "spec", "replicas").asInt(1);
  }

  static String image(JsonNode deployment) {
    return Json.text(
        Json.at(deployment, "spec", "template", "spec", "containers").path(0), "image");
  }

  static int port(JsonNode deployment) {
    JsonNode container = Json.at(deployment, "spec", "template", "spec", "containers").path(0);
    return container.path("ports").path(0).path("containerPort").asInt(Image.DEFAULT_PORT);
  }
}
