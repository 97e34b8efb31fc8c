package dev.berth.controller.reconcile;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Owner references: who made an object, and who goes with it.
public final class Owners {
  private Owners() {}

  /// The one owner that manages the object.
  public static Optional<JsonNode> controller(JsonNode object) {
    for (JsonNode reference : Json.at(object, "metadata", "ownerReferences")) {
      if (reference.path("controller").asBoolean(false)) {
        return Optional.of(reference);
      }
    }
    return Optional.empty();
  }

  public static boolean isControlledBy(JsonNode object, String uid) {
    return controller(object).map(owner -> Json.text(owner, "uid").equals(uid)).orElse(false);
  }

  /// The key of the managing owner, when it is of this kind.
  public static Optional<ObjectKey> controllerKey(JsonNode object, ResourceType type) {
    return controller(object)
        .filter(owner -> Json.text(owner, "kind").equals(type.kind()))
        .filter(owner -> Json.text(owner, "apiVersion").equals(type.gvk().apiVersion()))
        .map(owner -> new ObjectKey(Json.namespace(object), Json.text(owner, "name")));
  }

  public static void setController(ObjectNode object, ResourceType type, JsonNode owner) {
    ObjectNode reference = Json.meta(object).putArray("ownerReferences").addObject();
    reference.put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    reference.put("name", Json.name(owner)).put("uid", Json.uid(owner));
    reference.put("controller", true).put("blockOwnerDeletion", true);
  }
}
