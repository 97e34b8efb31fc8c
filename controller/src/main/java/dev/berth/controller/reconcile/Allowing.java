package dev.berth.controller.reconcile;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Quantity;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.ListWatch;
import tools.jackson.databind.JsonNode;

/// Which changes allow pods that were refused before. Pure.
final class Allowing {
  private Allowing() {}

  /// A quota has room when it is raised or goes, and when its status tells that less is used.
  static boolean more(ResourceType type, ListWatch.Change change) {
    JsonNode before = change.before();
    if (type.equals(Kinds.RESOURCE_QUOTA)) {
      return before != null && (change.deleted() || hasMoreRoom(before, change.after()));
    }
    if (type.equals(Kinds.LIMIT_RANGE)) {
      return change.deleted() || before == null || !spec(before).equals(spec(change.after()));
    }
    return before == null;
  }

  private static JsonNode spec(JsonNode object) {
    return object.path("spec");
  }

  private static boolean hasMoreRoom(JsonNode before, JsonNode after) {
    JsonNode used = Json.at(before, "status", "used");
    boolean less =
        used.propertyNames().stream()
            .anyMatch(
                name ->
                    amount(Json.at(after, "status", "used"), name).compareTo(amount(used, name))
                        < 0);
    return less || !spec(before).equals(spec(after));
  }

  private static Quantity amount(JsonNode amounts, String name) {
    return Quantity.tryParse(amounts.path(name).asString("")).orElse(Quantity.ZERO);
  }
}
