package dev.berth.agent.image;

import java.util.Optional;

/// An image that cannot be had; the message says from where and why.
public final class ImageException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String reason;

  public ImageException(String message) {
    super(message);
    this.reason = "";
  }

  public ImageException(String message, Throwable cause) {
    super(message, cause);
    this.reason = "";
  }

  public ImageException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Out of [dev.berth.agent.diagnosis.Reason], where the cause is known.
  public Optional<String> reason() {
    return reason.isEmpty() ? Optional.empty() : Optional.of(reason);
  }
}
