package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Where the next page of a list starts, and the revision of its first page; revision 0 means
/// "now": the rest of a list whose revision is gone.
record ContinueToken(long revision, String afterKey) {
  String encode() {
    byte[] json = Json.bytes(Json.object().put("rv", revision).put("after", afterKey));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(json);
  }

  static ContinueToken decode(String token) {
    try {
      JsonNode json =
          Json.parse(Base64.getUrlDecoder().decode(token.getBytes(StandardCharsets.UTF_8)));
      return new ContinueToken(json.path("rv").asLong(), json.path("after").asString());
    } catch (IllegalArgumentException | JacksonException e) {
      throw new ApiException(
          new ApiError.BadRequest("continue key is not valid: it was not made by this server"), e);
    }
  }
}
