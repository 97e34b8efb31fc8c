package dev.berth.api.modelapp;

import dev.berth.api.Durations;
import dev.berth.api.Json;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The endpoint between app and model. `basePath` is empty or starts with a slash and does not end
/// with one.
public record EndpointSpec(
    String name, Protocol protocol, String modelName, String basePath, Duration requestTimeout) {
  public static final String DEFAULT_NAME = "model";
  public static final Duration DEFAULT_REQUEST_TIMEOUT = Duration.ofSeconds(30);

  static EndpointSpec read(JsonNode endpoint, String objectName) {
    return new EndpointSpec(
        Json.optional(endpoint, "name").orElse(DEFAULT_NAME),
        Json.optional(endpoint, "protocol").map(Protocol::parse).orElse(Protocol.AUTO),
        Json.optional(endpoint, "modelName").orElse(objectName),
        withoutTrailingSlash(Json.text(endpoint, "basePath")),
        Json.optional(endpoint, "timeouts", "request")
            .flatMap(Durations::tryParse)
            .orElse(DEFAULT_REQUEST_TIMEOUT));
  }

  private static String withoutTrailingSlash(String path) {
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /// Where a prediction is posted, below the endpoint's URL; nothing where the protocol does not
  /// say.
  public Optional<String> predictPath() {
    return switch (protocol) {
      case OPEN_INFERENCE -> Optional.of(basePath + "/v2/models/" + modelName + "/infer");
      case OPENAI -> Optional.of(basePath + "/v1/chat/completions");
      case AUTO, HTTP -> Optional.empty();
    };
  }
}
