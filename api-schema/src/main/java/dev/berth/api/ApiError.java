package dev.berth.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What can go wrong with a request, one record per Kubernetes reason, so that a `switch` over
/// errors is complete. `toStatus` and `fromStatus` are each other's inverse for everything a client
/// acts on: code, reason, message, causes, continue token and retry delay.
public sealed interface ApiError {

  String message();

  int code();

  String reason();

  default ObjectNode toStatus() {
    ObjectNode status = Json.object();
    status.put("kind", "Status").put("apiVersion", "v1");
    ObjectNode metadata = status.putObject("metadata");
    if (this instanceof Expired expired) {
      expired.continueToken().ifPresent(token -> metadata.put("continue", token));
    }
    status.put("status", "Failure").put("message", message()).put("reason", reason());
    ObjectNode details = Json.object();
    fillDetails(details);
    if (!details.isEmpty()) {
      status.set("details", details);
    }
    return status.put("code", code());
  }

  private void fillDetails(ObjectNode details) {
    switch (this) {
      case Invalid invalid -> {
        invalid.about().ifPresent(about -> about.write(details));
        writeCauses(details, invalid.causes());
      }
      case Conflict conflict -> writeCauses(details, conflict.causes());
      case Timeout timeout -> writeCauses(details, timeout.causes());
      case TooManyRequests busy -> details.put("retryAfterSeconds", busy.retryAfterSeconds());
      case NotFound notFound -> notFound.about().ifPresent(about -> about.write(details));
      case AlreadyExists exists -> exists.about().ifPresent(about -> about.write(details));
      case BadRequest _,
          Unauthorized _,
          Forbidden _,
          MethodNotAllowed _,
          NotAcceptable _,
          Expired _,
          TooLarge _,
          UnsupportedMediaType _,
          InternalError _,
          ServiceUnavailable _,
          InsufficientStorage _,
          Other _ -> {}
    }
  }

  private static void writeCauses(ObjectNode details, List<Cause> causes) {
    if (causes.isEmpty()) {
      return;
    }
    ArrayNode array = details.putArray("causes");
    for (Cause cause : causes) {
      ObjectNode node = array.addObject();
      node.put("reason", cause.reason()).put("message", cause.message());
      if (!cause.field().isEmpty()) {
        node.put("field", cause.field());
      }
    }
  }

  /// One reason of several; `field` is a path such as `spec.replicas`, or empty.
  record Cause(String field, String reason, String message) {}

  /// The object that an error is about, as `details` shows it.
  record About(String group, String resource, String name) {
    private void write(ObjectNode details) {
      details.put("name", name).put("kind", resource);
      if (!group.isEmpty()) {
        details.put("group", group);
      }
    }

    private static Optional<About> read(JsonNode details) {
      String resource = Json.text(details, "kind");
      return resource.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new About(Json.text(details, "group"), resource, Json.text(details, "name")));
    }
  }

  record BadRequest(String message) implements ApiError {
    @Override
    public int code() {
      return 400;
    }

    @Override
    public String reason() {
      return "BadRequest";
    }
  }

  record Unauthorized(String message) implements ApiError {
    @Override
    public int code() {
      return 401;
    }

    @Override
    public String reason() {
      return "Unauthorized";
    }
  }

  record Forbidden(String message) implements ApiError {
    @Override
    public int code() {
      return 403;
    }

    @Override
    public String reason() {
      return "Forbidden";
    }
  }

  record NotFound(String message, Optional<About> about) implements ApiError {
    public NotFound(String message) {
      this(message, Optional.empty());
    }

    @Override
    public int code() {
      return 404;
    }

    @Override
    public String reason() {
      return "NotFound";
    }
  }

  record MethodNotAllowed(String message) implements ApiError {
    @Override
    public int code() {
      return 405;
    }

    @Override
    public String reason() {
      return "MethodNotAllowed";
    }
  }

  record NotAcceptable(String message) implements ApiError {
    @Override
    public int code() {
      return 406;
    }

    @Override
    public String reason() {
      return "NotAcceptable";
    }
  }

  record AlreadyExists(String message, Optional<About> about) implements ApiError {
    public AlreadyExists(String message) {
      this(message, Optional.empty());
    }

    @Override
    public int code() {
      return 409;
    }

    @Override
    public String reason() {
      return "AlreadyExists";
    }
  }

  record Conflict(String message, List<Cause> causes) implements ApiError {
    public Conflict {
      causes = List.copyOf(causes);
    }

    public Conflict(String message) {
      this(message, List.of());
    }

    @Override
    public int code() {
      return 409;
    }

    @Override
    public String reason() {
      return "Conflict";
    }
  }

  /// The revision or continue token is too old; a list may go on, inconsistently, with
  /// `continueToken`.
  record Expired(String message, Optional<String> continueToken) implements ApiError {
    public Expired(String message) {
      this(message, Optional.empty());
    }

    @Override
    public int code() {
      return 410;
    }

    @Override
    public String reason() {
      return "Expired";
    }
  }

  record TooLarge(String message) implements ApiError {
    @Override
    public int code() {
      return 413;
    }

    @Override
    public String reason() {
      return "RequestEntityTooLarge";
    }
  }

  record UnsupportedMediaType(String message) implements ApiError {
    @Override
    public int code() {
      return 415;
    }

    @Override
    public String reason() {
      return "UnsupportedMediaType";
    }
  }

  /// Without `about`, clients call the object "the request".
  record Invalid(String message, List<Cause> causes, Optional<About> about) implements ApiError {
    public Invalid {
      causes = List.copyOf(causes);
    }

    public Invalid(String message, List<Cause> causes) {
      this(message, causes, Optional.empty());
    }

    /// `Pod "web" is invalid: [spec.a: Required value, spec.b: ...]`, as kubectl users know it.
    public static Invalid of(String kind, String name, List<Cause> causes) {
      String all =
          causes.stream()
              .map(
                  cause ->
                      cause.field().isEmpty()
                          ? cause.message()
                          : cause.field() + ": " + cause.message())
              .collect(Collectors.joining(", "));
      String list = causes.size() == 1 ? all : "[" + all + "]";
      return new Invalid(
          kind + " \"" + name + "\" is invalid: " + list,
          causes,
          Optional.of(new About("", kind, name)));
    }

    @Override
    public int code() {
      return 422;
    }

    @Override
    public String reason() {
      return "Invalid";
    }
  }

  record TooManyRequests(String message, int retryAfterSeconds) implements ApiError {
    @Override
    public int code() {
      return 429;
    }

    @Override
    public String reason() {
      return "TooManyRequests";
    }
  }

  // The reason on the wire is "InternalError"; nobody imports it bare.
  @SuppressWarnings("AvoidCommonTypeNames")
  record InternalError(String message) implements ApiError {
    @Override
    public int code() {
      return 500;
    }

    @Override
    public String reason() {
      return "InternalError";
    }
  }

  /// The server cannot be reached or is not ready.
  record ServiceUnavailable(String message) implements ApiError {
    @Override
    public int code() {
      return 503;
    }

    @Override
    public String reason() {
      return "ServiceUnavailable";
    }
  }

  record Timeout(String message, List<Cause> causes) implements ApiError {
    private static final String TOO_LARGE = "ResourceVersionTooLarge";

    public Timeout {
      causes = List.copyOf(causes);
    }

    /// The caller asks for a revision that this server has not reached.
    public static Timeout resourceVersionTooLarge(long asked, long current) {
      return new Timeout(
          "Too large resource version: " + asked + ", current: " + current,
          List.of(new Cause("", TOO_LARGE, "Too large resource version")));
    }

    /// The server may never reach it: its store may have been restored from a backup.
    public boolean isOfALaterRevision() {
      return causes.stream().anyMatch(cause -> cause.reason().equals(TOO_LARGE));
    }

    @Override
    public int code() {
      return 504;
    }

    @Override
    public String reason() {
      return "Timeout";
    }
  }

  record InsufficientStorage(String message) implements ApiError {
    @Override
    public int code() {
      return 507;
    }

    @Override
    public String reason() {
      return "InsufficientStorage";
    }
  }

  /// An answer that is none of the above, for instance from a proxy on the way.
  record Other(int code, String reason, String message) implements ApiError {}

  static NotFound notFound(ResourceType type, String name) {
    return new NotFound(
        type.qualifiedName() + " \"" + name + "\" not found",
        Optional.of(new About(type.gvk().group(), type.plural(), name)));
  }

  static AlreadyExists alreadyExists(ResourceType type, String name) {
    return new AlreadyExists(
        type.qualifiedName() + " \"" + name + "\" already exists",
        Optional.of(new About(type.gvk().group(), type.plural(), name)));
  }

  static Conflict conflict(ResourceType type, String name) {
    return new Conflict(
        "Operation cannot be fulfilled on "
            + type.qualifiedName()
            + " \""
            + name
            + "\": the object has been modified; please apply your changes to the latest version and try again");
  }

  static ApiError fromStatus(int httpCode, JsonNode status) {
    int code = status.path("code").isInt() ? status.path("code").intValue() : httpCode;
    String text = Json.text(status, "message");
    String message = text.isEmpty() ? "the server answered " + code : text;
    JsonNode details = status.path("details");
    return switch (Json.text(status, "reason")) {
      case "BadRequest" -> new BadRequest(message);
      case "Unauthorized" -> new Unauthorized(message);
      case "Forbidden" -> new Forbidden(message);
      case "NotFound" -> new NotFound(message, About.read(details));
      case "MethodNotAllowed" -> new MethodNotAllowed(message);
      case "NotAcceptable" -> new NotAcceptable(message);
      case "AlreadyExists" -> new AlreadyExists(message, About.read(details));
      case "Conflict" -> new Conflict(message, causes(details));
      case "Expired", "Gone" ->
          new Expired(
              message,
              Optional.of(Json.text(status, "metadata", "continue")).filter(t -> !t.isEmpty()));
      case "RequestEntityTooLarge" -> new TooLarge(message);
      case "UnsupportedMediaType" -> new UnsupportedMediaType(message);
      case "Invalid" -> new Invalid(message, causes(details), About.read(details));
      case "TooManyRequests" ->
          new TooManyRequests(message, details.path("retryAfterSeconds").asInt(1));
      case "InternalError" -> new InternalError(message);
      case "ServiceUnavailable" -> new ServiceUnavailable(message);
      case "Timeout", "ServerTimeout" -> new Timeout(message, causes(details));
      case "InsufficientStorage" -> new InsufficientStorage(message);
      default -> fromCode(code, message);
    };
  }

  /// For answers without a `Status` body; the code alone has to do.
  static ApiError fromCode(int code, String message) {
    return switch (code) {
      case 400 -> new BadRequest(message);
      case 401 -> new Unauthorized(message);
      case 403 -> new Forbidden(message);
      case 404 -> new NotFound(message);
      case 405 -> new MethodNotAllowed(message);
      case 406 -> new NotAcceptable(message);
      case 409 -> new Conflict(message);
      case 410 -> new Expired(message);
      case 413 -> new TooLarge(message);
      case 415 -> new UnsupportedMediaType(message);
      case 422 -> new Invalid(message, List.of());
      case 429 -> new TooManyRequests(message, 1);
      case 500 -> new InternalError(message);
      case 502, 503 -> new ServiceUnavailable(message);
      case 504 -> new Timeout(message, List.of());
      case 507 -> new InsufficientStorage(message);
      default -> new Other(code, "Unknown", message);
    };
  }

  private static List<Cause> causes(JsonNode details) {
    List<Cause> causes = new ArrayList<>();
    for (JsonNode cause : details.path("causes")) {
      causes.add(
          new Cause(
              Json.text(cause, "field"), Json.text(cause, "reason"), Json.text(cause, "message")));
    }
    return causes;
  }

  /// `ApiError`s that a caller may simply try again.
  default boolean isTransient() {
    return switch (this) {
      case TooManyRequests _, InternalError _, ServiceUnavailable _, Timeout _ -> true;
      case BadRequest _,
          Unauthorized _,
          Forbidden _,
          NotFound _,
          MethodNotAllowed _,
          NotAcceptable _,
          AlreadyExists _,
          Conflict _,
          Expired _,
          TooLarge _,
          UnsupportedMediaType _,
          Invalid _,
          InsufficientStorage _,
          Other _ ->
          false;
    };
  }

  /// The statuses by their reason, for tests and documents that must be complete.
  static Map<String, Integer> reasons() {
    return Map.ofEntries(
        Map.entry("BadRequest", 400),
        Map.entry("Unauthorized", 401),
        Map.entry("Forbidden", 403),
        Map.entry("NotFound", 404),
        Map.entry("MethodNotAllowed", 405),
        Map.entry("NotAcceptable", 406),
        Map.entry("AlreadyExists", 409),
        Map.entry("Conflict", 409),
        Map.entry("Expired", 410),
        Map.entry("RequestEntityTooLarge", 413),
        Map.entry("UnsupportedMediaType", 415),
        Map.entry("Invalid", 422),
        Map.entry("TooManyRequests", 429),
        Map.entry("InternalError", 500),
        Map.entry("ServiceUnavailable", 503),
        Map.entry("Timeout", 504),
        Map.entry("InsufficientStorage", 507));
  }
}
