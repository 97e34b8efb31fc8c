package dev.berth.client;

import java.io.IOException;

/// What a registry answered instead of what was asked; `code` is its word (`MANIFEST_UNKNOWN`,
/// `DENIED`...) or empty.
public final class RegistryException extends IOException {
  private static final long serialVersionUID = 1;
  private final int status;
  private final String code;

  RegistryException(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public boolean isNotFound() {
    return status == 404;
  }

  public boolean isDenied() {
    return status == 401 || status == 403;
  }

  public boolean isRateLimited() {
    return status == 429;
  }
}
