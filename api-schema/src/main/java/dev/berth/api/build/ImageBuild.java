package dev.berth.api.build;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import tools.jackson.databind.JsonNode;

/// One build of one component's image.
public record ImageBuild(
    String namespace,
    String name,
    String uid,
    long generation,
    ImageBuildSpec spec,
    ImageBuildStatus status) {

  /// Reads an object that the schema accepts.
  public static ImageBuild read(JsonNode object) {
    return new ImageBuild(
        Json.namespace(object),
        Json.name(object),
        Json.uid(object),
        Json.generation(object),
        ImageBuildSpec.read(object.path("spec")),
        ImageBuildStatus.read(object.path("status")));
  }

  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }
}
