package dev.berth.gitops.render;

import dev.berth.api.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Gives objects new names, and what refers to them too. References are known by the names of their
/// fields, the same in every kind.
final class References {
  /// Field, or the field around `name`, to the kind it means.
  private static final Map<String, String> BY_FIELD =
      Map.ofEntries(
          Map.entry("secretName", "Secret"),
          Map.entry("serviceAccountName", "ServiceAccount"),
          Map.entry("claimName", "PersistentVolumeClaim"),
          Map.entry("serviceName", "Service"),
          Map.entry("priorityClassName", "PriorityClass"),
          Map.entry("configMapKeyRef.name", "ConfigMap"),
          Map.entry("configMapRef.name", "ConfigMap"),
          Map.entry("configMap.name", "ConfigMap"),
          Map.entry("secretKeyRef.name", "Secret"),
          Map.entry("secretRef.name", "Secret"),
          Map.entry("secret.name", "Secret"),
          Map.entry("imagePullSecrets.name", "Secret"),
          Map.entry("service.name", "Service"));

  private References() {}

  static void rename(List<Built> all, Function<Built, String> naming) {
    Map<String, String> names = new HashMap<>();
    for (Built built : all) {
      String name = naming.apply(built);
      if (!name.equals(built.name())) {
        names.put(built.kind() + "/" + built.name(), name);
      }
    }
    for (Built built : all) {
      String own = names.getOrDefault(built.kind() + "/" + built.name(), built.name());
      refer(built.object(), "", names);
      Json.meta(built.object()).put("name", own);
    }
  }

  private static void refer(JsonNode node, String around, Map<String, String> names) {
    if (node instanceof ObjectNode object) {
      for (String field : List.copyOf(object.propertyNames())) {
        JsonNode value = object.path(field);
        if (value.isString()) {
          String kind = kind(object, around, field);
          String name = names.get(kind + "/" + value.stringValue());
          if (name != null) {
            object.put(field, name);
          }
        } else if (!field.equals("metadata") || !around.isEmpty()) {
          refer(value, field, names);
        }
      }
    } else {
      node.forEach(element -> refer(element, around, names));
    }
  }

  /// `roleRef`, `scaleTargetRef` and `subjects` say the kind beside the name.
  private static String kind(ObjectNode object, String around, String field) {
    boolean named = List.of("roleRef", "scaleTargetRef", "subjects").contains(around);
    if (named && field.equals("name")) {
      return Json.text(object, "kind");
    }
    return BY_FIELD.getOrDefault(field, BY_FIELD.getOrDefault(around + "." + field, ""));
  }
}
