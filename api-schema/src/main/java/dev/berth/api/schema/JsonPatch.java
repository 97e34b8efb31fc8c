package dev.berth.api.schema;

import tools.jackson.databind.JsonNode;

/// JSON patch, RFC 6902. Neither argument is changed; a patch that fails changes nothing.
public final class JsonPatch {
  public static final int MAX_OPERATIONS = 10_000;

  private JsonPatch() {}

  public static JsonNode apply(JsonNode base, JsonNode patch) {
    return Unfinished.yet(base, patch);
  }
}
