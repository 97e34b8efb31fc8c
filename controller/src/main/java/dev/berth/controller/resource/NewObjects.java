package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.api.Times;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/// What the server says of an object when it comes: its uid, its age, perhaps its name.
final class NewObjects {
  private static final int LONGEST_NAME = 63;
  private static final int GENERATED = 5;
  private static final String NAME_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

  private final InstantSource clock;
  private final Supplier<String> uids;
  private final RandomGenerator random;

  NewObjects(InstantSource clock, Supplier<String> uids, RandomGenerator random) {
    this.clock = clock;
    this.uids = uids;
    this.random = random;
  }

  void prepareMeta(ResourceType type, String namespace, ObjectNode object) {
    ObjectNode meta = Json.meta(object);
    if (!Json.resourceVersion(object).isEmpty()) {
      throw new ApiException(
          new ApiError.BadRequest("resourceVersion should not be set on objects to be created"));
    }
    requireSameNamespace(type, namespace, object);
    if (type.namespaced()) {
      meta.put("namespace", namespace);
    } else {
      meta.remove("namespace");
    }
    meta.put("uid", uids.get());
    meta.put("creationTimestamp", Times.format(clock.instant()));
    meta.remove(
        List.of(
            "generation",
            "resourceVersion",
            "selfLink",
            "managedFields",
            "deletionTimestamp",
            "deletionGracePeriodSeconds"));
  }

  static void requireSameNamespace(ResourceType type, String namespace, ObjectNode object) {
    String own = Json.namespace(object);
    if (type.namespaced() && !own.isEmpty() && !own.equals(namespace)) {
      throw new ApiException(
          new ApiError.BadRequest(
              "the namespace of the provided object does not match the namespace sent on the"
                  + " request: "
                  + own
                  + " and "
                  + namespace));
    }
  }

  static void requireKind(ResourceType type, ObjectNode object) {
    GroupVersionKind found = GroupVersionKind.of(object);
    if (found.kind().isEmpty() && found.version().isEmpty()) {
      object.put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    } else if (!found.equals(type.gvk())) {
      throw new ApiException(
          new ApiError.BadRequest(
              "the object is a " + found + ", but the path wants a " + type.gvk()));
    }
  }

  void generateName(ObjectNode object) {
    String base = Json.text(object, "metadata", "generateName");
    if (base.isEmpty()) {
      throw new ApiException(
          ApiError.Invalid.of(
              Json.text(object, "kind"),
              "",
              List.of(
                  new ApiError.Cause(
                      "metadata.name",
                      "FieldValueRequired",
                      "Required value: name or generateName is required"))));
    }
    String kept = base.substring(0, Math.min(base.length(), LONGEST_NAME - GENERATED));
    Json.meta(object).put("name", kept + suffix());
  }

  /// Five letters that make a name one of its own.
  String suffix() {
    StringBuilder letters = new StringBuilder(GENERATED);
    for (int i = 0; i < GENERATED; i++) {
      letters.append(NAME_LETTERS.charAt(random.nextInt(NAME_LETTERS.length())));
    }
    return letters.toString();
  }
}
