package dev.berth.api;

import org.jspecify.annotations.Nullable;

/// An `ApiError` on its way to whoever can answer it.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient ApiError error;

  public ApiException(ApiError error) {
    this(error, null);
  }

  public ApiException(ApiError error, @Nullable Throwable cause) {
    super(error.message(), cause);
    this.error = error;
  }

  public ApiError error() {
    return error;
  }

  public boolean isNotFound() {
    return error instanceof ApiError.NotFound;
  }

  public boolean isConflict() {
    return error instanceof ApiError.Conflict;
  }

  public boolean isAlreadyExists() {
    return error instanceof ApiError.AlreadyExists;
  }
}
