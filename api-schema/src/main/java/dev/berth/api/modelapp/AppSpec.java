package dev.berth.api.modelapp;

import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;

/// The app container; `endpointEnv` is the prefix of the variables that tell it where the model is.
public record AppSpec(Workload workload, String endpointEnv) {
  public static final String DEFAULT_ENDPOINT_ENV = "MODEL";

  static AppSpec read(JsonNode app) {
    return new AppSpec(
        Workload.read(app), Json.optional(app, "endpointEnv").orElse(DEFAULT_ENDPOINT_ENV));
  }
}
