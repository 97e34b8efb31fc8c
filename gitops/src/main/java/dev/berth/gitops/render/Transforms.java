package dev.berth.gitops.render;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a kustomization does to all of its objects.
final class Transforms {
  private static final Set<String> SCALED =
      Set.of("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController");
  private static final Set<String> LABEL_SELECTORS =
      Set.of("Deployment", "StatefulSet", "ReplicaSet", "DaemonSet", "PodDisruptionBudget");
  private static final Set<String> NOT_RENAMED = Set.of("Namespace", "CustomResourceDefinition");

  private Transforms() {}

  static void apply(JsonNode spec, List<Built> all) {
    for (Built built : all) {
      replicas(spec, built);
      images(spec, built.object());
      labels(spec, built);
      Json.strings(spec.path("commonAnnotations"))
          .forEach((key, value) -> annotate(built.object(), key, value));
      namespace(Json.text(spec, "namespace"), built);
    }
    String prefix = Json.text(spec, "namePrefix");
    String suffix = Json.text(spec, "nameSuffix");
    References.rename(
        all,
        built ->
            NOT_RENAMED.contains(built.kind()) ? built.name() : prefix + built.name() + suffix);
  }

  private static void replicas(JsonNode spec, Built built) {
    for (JsonNode each : spec.path("replicas")) {
      if (SCALED.contains(built.kind()) && Json.text(each, "name").equals(built.name())) {
        Json.ensure(built.object(), "spec").put("replicas", each.path("count").asInt(1));
      }
    }
  }

  private static void images(JsonNode spec, ObjectNode object) {
    for (JsonNode image : spec.path("images")) {
      image(object, "", image);
    }
  }

  /// Containers of any pod template; `image` of a ModelApp's parts.
  private static void image(JsonNode node, String around, JsonNode change) {
    if (node instanceof ObjectNode object) {
      boolean holds = Set.of("containers", "initContainers", "model", "app").contains(around);
      if (holds && object.path("image").isString()) {
        object.put("image", changed(object.path("image").stringValue(), change));
      }
      object.properties().forEach(entry -> image(entry.getValue(), entry.getKey(), change));
    } else {
      node.forEach(element -> image(element, around, change));
    }
  }

  static String changed(String reference, JsonNode change) {
    int at = reference.indexOf('@');
    String tagged = at < 0 ? reference : reference.substring(0, at);
    int colon = tagged.lastIndexOf(':');
    String name = colon > tagged.lastIndexOf('/') ? tagged.substring(0, colon) : tagged;
    if (!name.equals(Json.text(change, "name"))) {
      return reference;
    }
    String newName = Json.optional(change, "newName").orElse(name);
    String digest = Json.text(change, "digest");
    String tag = Json.text(change, "newTag");
    if (!digest.isEmpty()) {
      return newName + "@" + digest;
    }
    return tag.isEmpty() ? newName + reference.substring(name.length()) : newName + ":" + tag;
  }

  private static void labels(JsonNode spec, Built built) {
    label(built, Json.strings(spec.path("commonLabels")), true, true);
    for (JsonNode each : spec.path("labels")) {
      boolean selectors = each.path("includeSelectors").asBoolean(false);
      boolean templates = selectors || each.path("includeTemplates").asBoolean(false);
      label(built, Json.strings(each.path("pairs")), selectors, templates);
    }
  }

  private static void label(
      Built built, Map<String, String> pairs, boolean selectors, boolean templates) {
    ObjectNode object = built.object();
    pairs.forEach(
        (key, value) -> {
          Json.ensure(object, "metadata", "labels").put(key, value);
          if (templates && Json.at(object, "spec", "template").isObject()) {
            Json.ensure(object, "spec", "template", "metadata", "labels").put(key, value);
          }
          if (selectors && LABEL_SELECTORS.contains(built.kind())) {
            Json.ensure(object, "spec", "selector", "matchLabels").put(key, value);
          } else if (selectors
              && built.kind().equals("Service")
              && Json.at(object, "spec", "selector").isObject()) {
            Json.ensure(object, "spec", "selector").put(key, value);
          }
        });
  }

  private static void annotate(ObjectNode object, String key, String value) {
    Json.ensure(object, "metadata", "annotations").put(key, value);
    if (Json.at(object, "spec", "template").isObject()) {
      Json.ensure(object, "spec", "template", "metadata", "annotations").put(key, value);
    }
  }

  private static void namespace(String namespace, Built built) {
    boolean clusterScoped =
        Kinds.byKind(GroupVersionKind.of(built.object()))
            .filter(type -> !type.namespaced())
            .isPresent();
    if (namespace.isEmpty()) {
      return;
    }
    if (!clusterScoped) {
      Json.meta(built.object()).put("namespace", namespace);
    }
    for (JsonNode subject : built.object().path("subjects")) {
      if (subject instanceof ObjectNode account
          && Json.text(account, "kind").equals("ServiceAccount")) {
        account.put("namespace", namespace);
      }
    }
  }
}
