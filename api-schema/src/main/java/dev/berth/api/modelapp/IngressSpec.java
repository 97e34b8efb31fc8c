package dev.berth.api.modelapp;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Under which host and path people reach the app.
public record IngressSpec(String host, String path) {

  static IngressSpec read(JsonNode ingress) {
    return new IngressSpec(
        Json.text(ingress, "host"),
        Optional.of(Json.text(ingress, "path")).filter(p -> !p.isEmpty()).orElse("/"));
  }
}
