package dev.berth.api.modelapp;

import dev.berth.api.Json;
import tools.jackson.databind.JsonNode;

/// Under which host and path people reach the app. `path` is `/`, or does not end with a slash:
/// `/a/` and `/a` are one route.
public record IngressSpec(String host, String path) {

  static IngressSpec read(JsonNode ingress) {
    return new IngressSpec(
        Json.text(ingress, "host"), withoutTrailingSlash(Json.text(ingress, "path")));
  }

  private static String withoutTrailingSlash(String path) {
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    return end == 0 ? "/" : path.substring(0, end);
  }
}
