package dev.berth.api.modelapp;

import dev.berth.api.Json;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Where a component's image comes from: named, or built from a container script. Exactly one of
/// the two.
public sealed interface Source {
  record Image(String reference) implements Source {}

  /// `context` is a folder beside the manifest; the other fields are those of the ImageBuild.
  record Build(
      String context, String containerScript, Optional<String> target, Map<String, String> args)
      implements Source {
    public Build {
      args = Map.copyOf(args);
    }
  }

  static Source read(JsonNode component) {
    JsonNode build = component.path("build");
    return build.isObject()
        ? new Build(
            Json.optional(build, "context").orElse("."),
            Json.optional(build, "containerScript").orElse("Dockerfile"),
            Json.optional(build, "target"),
            Json.strings(build.path("args")))
        : new Image(Json.text(component, "image"));
  }
}
