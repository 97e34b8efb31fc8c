package dev.berth.controller.http;

import java.io.IOException;

/// Something that answers requests.
@FunctionalInterface
public interface HttpSurface {
  /// Answers exactly once. An `ApiException` becomes its `Status`; an `IOException` means that the
  /// client has gone.
  void handle(HttpExchange exchange) throws IOException;
}
