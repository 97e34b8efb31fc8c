package dev.berth.api.apply;

import dev.berth.api.Json;
import dev.berth.api.schema.FieldType.ObjectType;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.node.ObjectNode;

/// The annotation in which client-side `kubectl apply` keeps what it applied. When the same user
/// goes over to server-side apply, what that annotation holds with the live value was theirs, so it
/// is no conflict; and the annotation follows, so that they can go back.
final class LastApplied {
  static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

  /// Only the name that kubectl uses by itself: another one opts out.
  private static final String KUBECTL = "kubectl";

  private LastApplied() {}

  /// Paths whose value in the annotation is the live value.
  static FieldSet stillTrue(ObjectNode live, ObjectType type, Manager manager) {
    Optional<ObjectNode> last = manager.name().equals(KUBECTL) ? read(live) : Optional.empty();
    if (last.isEmpty()) {
      return FieldSet.EMPTY;
    }
    Comparison difference = Comparison.of(last.get(), live, type);
    return Ownership.of(last.get(), type)
        .difference(difference.modified())
        .difference(difference.added())
        .difference(difference.removed());
  }

  private static Optional<ObjectNode> read(ObjectNode live) {
    try {
      return Json.annotation(live, ANNOTATION).map(Json::parseObject);
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Puts the configuration into the annotation where the object has one.
  static void follow(ObjectNode object, ObjectNode config, Manager manager) {
    boolean plain = manager.name().equals(KUBECTL) && manager.subresource().isEmpty();
    if (!plain || Json.annotation(object, ANNOTATION).isEmpty()) {
      return;
    }
    ObjectNode kept = Scope.withoutManagedFields(config);
    if (kept.path("metadata").get("annotations") instanceof ObjectNode annotations) {
      annotations.remove(ANNOTATION);
    }
    Json.ensure(object, "metadata", "annotations").put(ANNOTATION, Json.string(kept) + "\n");
  }
}
