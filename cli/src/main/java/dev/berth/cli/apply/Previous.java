package dev.berth.cli.apply;

import dev.berth.api.Json;
import dev.berth.client.PatchType;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The manifest that a ModelApp was applied from before its last one, which `apply` leaves in an
/// annotation beside the last: the way back, with the contexts that its images were built from. Of
/// what was applied by others there is none.
public final class Previous {
  static final String ANNOTATION = "berth.dev/previous-applied";

  /// How [#patch] is sent.
  public static final PatchType PATCH = PatchType.MERGE;

  private Previous() {}

  public static Optional<ObjectNode> of(JsonNode live) {
    try {
      return Json.annotation(live, ANNOTATION).map(Json::parseObject);
    } catch (JacksonException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Notes what was applied last, where `wanted` is another manifest.
  static void keep(ObjectNode patch, JsonNode live, ObjectNode wanted) {
    Json.annotation(live, Applier.LAST_APPLIED)
        .filter(last -> !last.equals(Json.string(wanted)))
        .ifPresent(last -> Json.ensure(patch, "metadata", "annotations").put(ANNOTATION, last));
  }

  /// What makes a ModelApp what its manifest of before says, a patch of the type [#PATCH]; the one
  /// that is left becomes the previous one. Fails on the server where somebody was quicker.
  public static ObjectNode patch(ObjectNode live, ObjectNode previous) {
    ObjectNode patch = Applier.patch(live, previous);
    keep(patch, live, previous);
    Json.meta(patch).put("resourceVersion", Json.resourceVersion(live));
    return patch;
  }
}
