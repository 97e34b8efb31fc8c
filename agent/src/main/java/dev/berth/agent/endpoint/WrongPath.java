package dev.berth.agent.endpoint;

import java.util.Optional;

/// What to tell an app that asked its model for a path that the model's protocol does not have: the
/// bare 404 of the model says nothing of where it should have asked. Pure.
final class WrongPath {
  private WrongPath() {}

  /// Empty when the model knew the path, or when its answer is about something else.
  static Optional<String> hint(EndpointConfig config, String path, int status) {
    if (status != 404 && status != 405) {
      return Optional.empty();
    }
    String base = config.basePath();
    return switch (config.protocol()) {
      case OPEN_INFERENCE ->
          below(path, base + "/v2")
              ? Optional.empty()
              : speaks("open-inference", base + "/v2/models/" + config.modelName() + "/infer");
      case OPENAI ->
          below(path, base + "/v1")
              ? Optional.empty()
              : speaks("openai", base + "/v1/chat/completions");
      case AUTO, HTTP -> Optional.empty();
    };
  }

  private static boolean below(String path, String base) {
    return path.equals(base) || path.startsWith(base + "/");
  }

  private static Optional<String> speaks(String protocol, String path) {
    return Optional.of("the endpoint speaks " + protocol + ": POST " + path);
  }
}
