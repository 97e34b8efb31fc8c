package dev.berth.gitops.source;

/// Why there is no commit to apply: a word for a condition's reason, and a sentence with the fix.
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1;

  public static final String AUTH_FAILED = "AuthFailed";
  public static final String REF_NOT_FOUND = "RefNotFound";
  public static final String PATH_NOT_FOUND = "PathNotFound";
  public static final String UNREACHABLE = "Unreachable";
  public static final String TOO_LARGE = "TooLarge";
  public static final String TOO_SLOW = "TooSlow";
  public static final String INVALID = "Invalid";
  public static final String HOST_KEY_UNKNOWN = "HostKeyUnknown";
  public static final String FETCH_FAILED = "FetchFailed";

  private final String reason;

  public SourceException(String reason, String message) {
    super(message);
    this.reason = reason;
  }

  public SourceException(String reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /// What was attempted, what was found, what to do.
  public String message() {
    return String.valueOf(getMessage());
  }

  public String reason() {
    return reason;
  }
}
