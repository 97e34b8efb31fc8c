package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import java.util.HashMap;
import java.util.Map;

/// The headers that go with a `Status`.
final class ErrorHeaders {
  private ErrorHeaders() {}

  /// @param byPage whether a page asked: a browser that is challenged opens a box of its own for a
  ///   password, over our login
  static Map<String, String> of(ApiError error, boolean byPage) {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    headers.put("Cache-Control", "no-cache, private");
    if (error instanceof ApiError.TooManyRequests(_, int seconds)) {
      headers.put("Retry-After", Integer.toString(seconds));
    }
    if (error instanceof ApiError.Unauthorized && !byPage) {
      headers.put("WWW-Authenticate", "Basic realm=\"berth\"");
    }
    return headers;
  }
}
