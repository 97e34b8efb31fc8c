package dev.berth.api.build;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is built: the packed context (by digest), its container script, and the repository that
/// takes the image.
public record ImageBuildSpec(
    Digest contextDigest,
    String containerScript,
    Optional<String> target,
    Map<String, String> args,
    String repository,
    Optional<String> nodeName) {
  public static final String DEFAULT_CONTAINER_SCRIPT = "Dockerfile";

  public ImageBuildSpec {
    args = Map.copyOf(args);
  }

  static ImageBuildSpec read(JsonNode spec) {
    return new ImageBuildSpec(
        Digest.parse(Json.text(spec, "contextDigest")),
        Json.optional(spec, "containerScript").orElse(DEFAULT_CONTAINER_SCRIPT),
        Json.optional(spec, "target"),
        Json.strings(spec.path("args")),
        Json.text(spec, "repository"),
        Json.optional(spec, "nodeName"));
  }

  public ObjectNode toTree() {
    ObjectNode spec = Json.object();
    spec.put("contextDigest", contextDigest.toString()).put("containerScript", containerScript);
    target.ifPresent(value -> spec.put("target", value));
    if (!args.isEmpty()) {
      ObjectNode values = spec.putObject("args");
      new TreeMap<>(args).forEach(values::put);
    }
    spec.put("repository", repository);
    nodeName.ifPresent(value -> spec.put("nodeName", value));
    return spec;
  }

  /// The name of the build of this spec: the same spec is the same build. The node is not part of
  /// it.
  public String objectName(String modelApp, String component) {
    ObjectNode placed = toTree();
    placed.remove("nodeName");
    String hex = Digest.sha256(Json.canonical(placed)).hex();
    return modelApp + "-" + component + "-" + hex.substring(0, 10);
  }

  /// Whether both ask for the same image: everything but the place.
  public boolean sameImage(ImageBuildSpec other) {
    return contextDigest.equals(other.contextDigest)
        && containerScript.equals(other.containerScript)
        && target.equals(other.target)
        && args.equals(other.args);
  }
}
