package dev.berth.controller.apiserver;

import dev.berth.api.Json;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Small questions to one agent.
final class AgentQuestions {
  private static final int LARGEST = 4 << 20;

  private AgentQuestions() {}

  /// What the agent answers to a GET; empty where it gives no JSON in time. Whatever it sends harms
  /// only what is told of its node.
  static Optional<JsonNode> ask(Tunnel tunnel, String path, Duration patience) {
    try (TunnelStream stream = tunnel.open("GET", path, Map.of())) {
      stream.end();
      stream.endWithin(patience.toMillis());
      return stream.head(patience.toSeconds()).status() == 200
          ? Optional.of(Json.parse(stream.body().readNBytes(LARGEST)))
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }
}
