package dev.berth.api.modelapp;

import tools.jackson.databind.JsonNode;

/// How many replicas of each; `min` and `max` are equal until scaling by demand exists.
public record ScaleSpec(Range model, Range app) {
  public record Range(int min, int max) {

    /// One of the two stands for both; none means one replica.
    static Range read(JsonNode range) {
      int min = range.path("min").asInt(range.path("max").asInt(1));
      return new Range(min, range.path("max").asInt(min));
    }
  }

  static ScaleSpec read(JsonNode scale) {
    return new ScaleSpec(Range.read(scale.path("model")), Range.read(scale.path("app")));
  }
}
