package dev.berth.api.schema;

import dev.berth.api.ApiError;
import tools.jackson.databind.JsonNode;

/// One field that is wrong, in Kubernetes' words: `reason` is a cause type such as
/// `FieldValueInvalid`.
public record FieldError(String field, String reason, String message) {
  public static final String REQUIRED = "FieldValueRequired";
  public static final String INVALID = "FieldValueInvalid";
  public static final String DUPLICATE = "FieldValueDuplicate";
  public static final String NOT_SUPPORTED = "FieldValueNotSupported";
  public static final String FORBIDDEN = "FieldValueForbidden";
  public static final String TYPE_INVALID = "FieldValueTypeInvalid";
  public static final String TOO_LONG = "FieldValueTooLong";
  public static final String NOT_FOUND = "FieldValueNotFound";
  public static final String UNKNOWN_FIELD = "FieldUnknown";

  /// What a message shows of a value.
  private static final int MAX_SHOWN = 300;

  static FieldError required(String field, String detail) {
    return new FieldError(
        field, REQUIRED, detail.isEmpty() ? "Required value" : "Required value: " + detail);
  }

  static FieldError invalid(String field, Object value, String detail) {
    boolean bare = value instanceof Number || value instanceof Boolean || value instanceof JsonNode;
    String text = shortened(value.toString());
    String shown = bare ? text : "\"" + text + "\"";
    return new FieldError(field, INVALID, "Invalid value: " + shown + ": " + detail);
  }

  private static String shortened(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }

  static FieldError forbidden(String field, String detail) {
    return new FieldError(field, FORBIDDEN, "Forbidden: " + detail);
  }

  static FieldError notFound(String field, Object value) {
    return new FieldError(
        field, NOT_FOUND, "Not found: \"" + shortened(String.valueOf(value)) + "\"");
  }

  static FieldError duplicate(String field, Object value) {
    return new FieldError(
        field, DUPLICATE, "Duplicate value: \"" + shortened(String.valueOf(value)) + "\"");
  }

  /// `unknown field "spec.modle"; did you mean "model"?`: what field validation calls a strict
  /// decoding error.
  public String strictText() {
    return reason.equals(UNKNOWN_FIELD)
        ? "unknown field \"" + field + "\"" + message.substring("unknown field".length())
        : toString();
  }

  public ApiError.Cause toCause() {
    return new ApiError.Cause(field, reason, message);
  }

  @Override
  public String toString() {
    return field + ": " + message;
  }
}
