package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import java.util.HashMap;
import java.util.Map;

/// The headers that go with a `Status`.
final class ErrorHeaders {
  private ErrorHeaders() {}

  static Map<String, String> of(ApiError error) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-cache, private");
    if (error instanceof ApiError.TooManyRequests(_, int seconds)) {
      headers.put("Retry-After", Integer.toString(seconds));
    }
    if (error instanceof ApiError.Unauthorized) {
      headers.put("WWW-Authenticate", "Basic realm=\"berth\"");
    }
    return headers;
  }
}
