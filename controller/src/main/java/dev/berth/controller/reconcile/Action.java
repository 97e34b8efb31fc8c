package dev.berth.controller.reconcile;

import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import tools.jackson.databind.node.ObjectNode;

/// One step of a plan, as a value: plans are compared with what was expected, not executed, in
/// tests.
public sealed interface Action {
  record Create(ResourceType type, ObjectNode object) implements Action {}

  /// Replace the wishes of an object; it carries the revision that the plan was made from.
  record Update(ResourceType type, ObjectNode object) implements Action {}

  /// Replace the status of an object; it carries the revision that the plan was made from.
  record UpdateStatus(ResourceType type, ObjectNode object) implements Action {}

  /// Delete this very object.
  record Delete(ResourceType type, ObjectKey key, String uid) implements Action {
    public static Delete of(ResourceType type, ObjectNode object) {
      return new Delete(type, ObjectKey.of(object), dev.berth.api.Json.uid(object));
    }
  }

  /// Tell the user.
  record Emit(Note note) implements Action {}
}
