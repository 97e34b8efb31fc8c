package dev.berth.agent.volume;

import dev.berth.api.Reason;

/// A volume cannot be made as it is asked for: what it refers to is not there (yet).
public final class MissingReferenceException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final Reason reason;

  public MissingReferenceException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  MissingReferenceException(String message) {
    this(Reason.START_FAILED, message);
  }

  MissingReferenceException(String message, Throwable cause) {
    super(message, cause);
    this.reason = Reason.START_FAILED;
  }

  public Reason reason() {
    return reason;
  }
}
