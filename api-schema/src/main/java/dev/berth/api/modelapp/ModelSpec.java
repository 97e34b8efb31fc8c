package dev.berth.api.modelapp;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The model container. A `concurrency` of 0 means no limit per replica.
public record ModelSpec(Workload workload, Optional<String> version, int concurrency) {

  static ModelSpec read(JsonNode model) {
    return new ModelSpec(
        Workload.read(model), Json.optional(model, "version"), model.path("concurrency").asInt(0));
  }
}
