package dev.berth.controller.policy;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Which pods a quota is about. One that has scopes is about nothing else than pods.
record Scope(String name, String operator, List<String> values) {
  Scope {
    values = List.copyOf(values);
  }

  static List<Scope> of(JsonNode quota) {
    List<Scope> scopes = new ArrayList<>();
    for (JsonNode name : Json.at(quota, "spec", "scopes")) {
      scopes.add(new Scope(name.asString(""), "Exists", List.of()));
    }
    for (JsonNode each : Json.at(quota, "spec", "scopeSelector", "matchExpressions")) {
      List<String> values =
          each.path("values").valueStream().map(value -> value.asString("")).toList();
      scopes.add(new Scope(Json.text(each, "scopeName"), Json.text(each, "operator"), values));
    }
    return scopes;
  }

  boolean isBestEffort() {
    return name.equals("BestEffort");
  }

  boolean matches(JsonNode pod) {
    boolean bestEffort = Json.text(pod, "status", "qosClass").equals("BestEffort");
    boolean terminating = Json.at(pod, "spec", "activeDeadlineSeconds").isNumber();
    return switch (name) {
      case "Terminating" -> terminating;
      case "NotTerminating" -> !terminating;
      case "BestEffort" -> bestEffort;
      case "NotBestEffort" -> !bestEffort;
      case "PriorityClass" -> ofClass(Json.text(pod, "spec", "priorityClassName"));
      case "CrossNamespacePodAffinity" -> looksElsewhere(Json.at(pod, "spec", "affinity"));
      default -> false;
    };
  }

  private boolean ofClass(String priority) {
    return switch (operator) {
      case "In" -> values.contains(priority);
      case "NotIn" -> !values.contains(priority);
      case "DoesNotExist" -> priority.isEmpty();
      default -> !priority.isEmpty();
    };
  }

  private static boolean looksElsewhere(JsonNode affinity) {
    return !affinity.findValues("namespaces").isEmpty()
        || !affinity.findValues("namespaceSelector").isEmpty();
  }
}
