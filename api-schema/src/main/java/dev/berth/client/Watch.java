package dev.berth.client;

import dev.berth.api.ApiError;
import java.util.Optional;

/// A running watch. It ends when it is closed, when the server's time is over, or with an error.
public interface Watch extends AutoCloseable {

  /// Waits for the end: empty where the stream just ended, else what the server or the transport
  /// said.
  Optional<ApiError> awaitEnd() throws InterruptedException;

  boolean isOpen();

  /// Ends it; no event is delivered after the one in progress.
  @Override
  void close();
}
