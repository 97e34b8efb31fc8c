package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.apply.ManagedFields;
import dev.berth.api.apply.Manager;
import dev.berth.api.schema.FieldType.ObjectType;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Keeps `metadata.managedFields` with every write: a writer that has a name owns what it changed;
/// one that has none, a reconciler, leaves the list as it is.
final class FieldOwners {
  private static final String FIELD = "managedFields";

  private FieldOwners() {}

  static ObjectNode created(
      ObjectType root, ObjectNode object, Optional<Manager> manager, Instant now) {
    return manager
        .filter(writer -> !applies(writer))
        .map(writer -> ManagedFields.afterUpdate(Json.object(), object, writer, root, now))
        .orElse(object);
  }

  /// @param wanted as the writer sent it, with its own list perhaps
  /// @param next what would be stored; changed in place
  static ObjectNode changed(
      ObjectType root,
      ObjectNode present,
      ObjectNode wanted,
      ObjectNode next,
      Optional<Manager> manager,
      Instant now) {
    boolean own = manager.isPresent();
    carry((own ? wanted : present).path("metadata"), Json.meta(next));
    if (manager.isEmpty() || applies(manager.get())) {
      return next;
    }
    ManagedFields.problem(wanted)
        .ifPresent(
            problem -> {
              throw new ApiException(new ApiError.BadRequest(problem));
            });
    return ManagedFields.afterUpdate(present, next, manager.get(), root, now);
  }

  private static boolean applies(Manager manager) {
    return manager.operation().equals(Manager.APPLY);
  }

  private static void carry(JsonNode from, ObjectNode to) {
    if (from.has(FIELD)) {
      to.set(FIELD, from.path(FIELD));
    } else {
      to.remove(FIELD);
    }
  }
}
