package dev.berth.api.modelapp;

import dev.berth.api.Durations;
import dev.berth.api.Json;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Paths that say ready and live; without them the endpoint's protocol decides.
public record HealthSpec(
    Optional<String> readyPath, Optional<String> livePath, Duration startupTimeout) {
  public static final Duration DEFAULT_STARTUP_TIMEOUT = Duration.ofMinutes(2);

  static HealthSpec read(JsonNode health) {
    return new HealthSpec(
        Json.optional(health, "ready", "path"),
        Json.optional(health, "live", "path"),
        Json.optional(health, "startupTimeout")
            .flatMap(Durations::tryParse)
            .orElse(DEFAULT_STARTUP_TIMEOUT));
  }
}
