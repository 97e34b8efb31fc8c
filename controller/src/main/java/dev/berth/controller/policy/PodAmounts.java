package dev.berth.controller.policy;

import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;

/// What the containers of a pod ask for together. Init containers run one after the other, before
/// the others, beside the sidecars that were started before them: the largest moment counts
/// (Kubernetes, "Init Containers", "Resource sharing within containers").
final class PodAmounts {
  private PodAmounts() {}

  static Amounts requests(JsonNode pod) {
    return most(pod, "requests");
  }

  static Amounts limits(JsonNode pod) {
    return most(pod, "limits");
  }

  private static Amounts most(JsonNode pod, String field) {
    Amounts sidecars = Amounts.NONE;
    Amounts largest = Amounts.NONE;
    for (JsonNode init : Json.at(pod, "spec", "initContainers")) {
      Amounts beside = sidecars.plus(Amounts.read(Json.at(init, "resources", field)));
      largest = largest.most(beside);
      sidecars = Json.text(init, "restartPolicy").equals("Always") ? beside : sidecars;
    }
    Amounts together = sidecars;
    for (JsonNode container : Json.at(pod, "spec", "containers")) {
      together = together.plus(Amounts.read(Json.at(container, "resources", field)));
    }
    return largest.most(together);
  }
}
