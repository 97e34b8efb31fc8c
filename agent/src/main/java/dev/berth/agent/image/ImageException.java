package dev.berth.agent.image;

import dev.berth.api.Reason;
import java.util.Optional;

/// An image that cannot be had; the message says from where and why.
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient Optional<Reason> reason;

  public ImageException(String message) {
    this(Optional.empty(), message);
  }

  public ImageException(String message, Throwable cause) {
    super(message, cause);
    this.reason = Optional.empty();
  }

  public ImageException(Reason reason, String message) {
    this(Optional.of(reason), message);
  }

  public ImageException(Optional<Reason> reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Where the cause is known.
  public Optional<Reason> reason() {
    return reason;
  }
}
