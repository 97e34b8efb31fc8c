package dev.berth.controller.apiserver;

import dev.berth.api.ApiException;
import dev.berth.api.Times;
import dev.berth.controller.audit.AuditLog;
import dev.berth.controller.auth.Identity;
import dev.berth.controller.resource.ServedKinds;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonGenerator;

/// Makes `audit.k8s.io/v1` events at the level Metadata of answered requests (Kubernetes:
/// "Auditing"), without the messages of refusals: they may quote what a Secret was to hold. Left
/// out is what comes every few seconds and tells nothing: health, and nodes that renew their own
/// leases.
public final class AuditTrail {
  private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz");
  private static final String LEASES =
      "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

  private final Optional<AuditLog> log;
  private final ServedKinds kinds;

  /// @param log empty where nothing is kept
  public AuditTrail(Optional<AuditLog> log, ServedKinds kinds) {
    this.log = log;
    this.kinds = kinds;
  }

  void tell(Answered request) {
    if (log.isPresent() && isTold(request)) {
      log.get().add(json -> write(request, json));
    }
  }

  private static boolean isTold(Answered request) {
    boolean heartbeat = request.path().startsWith(LEASES) && request.requester().node().isPresent();
    return !heartbeat && !HEALTH.contains(request.path());
  }

  private void write(Answered request, JsonGenerator json) {
    Optional<ApiPath> object = object(request);
    String query = request.query();
    json.writeStartObject();
    text(json, "kind", "Event");
    text(json, "apiVersion", "audit.k8s.io/v1");
    text(json, "level", "Metadata");
    text(json, "auditID", request.id());
    text(json, "stage", request.stage());
    text(json, "requestURI", query.isEmpty() ? request.path() : request.path() + "?" + query);
    text(json, "verb", verb(request, object));
    user(json, "user", request.requester());
    request.impersonated().ifPresent(identity -> user(json, "impersonatedUser", identity));
    texts(json, "sourceIPs", List.of(request.address()));
    textIfAny(json, "userAgent", request.agent());
    object.ifPresent(path -> reference(json, path));
    status(json, request);
    text(json, "requestReceivedTimestamp", Times.formatMicro(request.received()));
    text(json, "stageTimestamp", Times.formatMicro(request.ended()));
    json.writeEndObject();
  }

  private Optional<ApiPath> object(Answered request) {
    try {
      return ApiPath.parse(request.path(), kinds);
    } catch (ApiException e) {
      return Optional.empty();
    }
  }

  private static String verb(Answered request, Optional<ApiPath> object) {
    String method = request.method().toLowerCase(Locale.ROOT);
    if (object.isEmpty()) {
      return method;
    }
    if (Streams.isStream(object.get())) {
      return "create";
    }
    boolean collection = object.get().isCollection();
    return switch (method) {
      case "get", "head" -> request.watch() ? "watch" : collection ? "list" : "get";
      case "post" -> "create";
      case "put" -> "update";
      case "delete" -> collection ? "deletecollection" : "delete";
      default -> method;
    };
  }

  private static void user(JsonGenerator json, String field, Identity identity) {
    json.writeObjectPropertyStart(field);
    text(json, "username", identity.user());
    textIfAny(json, "uid", identity.uid());
    texts(json, "groups", identity.groups());
    if (!identity.extra().isEmpty()) {
      json.writeObjectPropertyStart("extra");
      identity.extra().forEach((key, values) -> texts(json, key, values));
      json.writeEndObject();
    }
    json.writeEndObject();
  }

  private static void reference(JsonGenerator json, ApiPath path) {
    json.writeObjectPropertyStart("objectRef");
    text(json, "resource", path.type().plural());
    textIfAny(json, "namespace", path.namespace());
    textIfAny(json, "name", path.name());
    textIfAny(json, "apiGroup", path.type().gvk().group());
    text(json, "apiVersion", path.type().gvk().version());
    textIfAny(json, "subresource", path.subresource());
    json.writeEndObject();
  }

  private static void status(JsonGenerator json, Answered request) {
    json.writeObjectPropertyStart("responseStatus");
    json.writeObjectPropertyStart("metadata");
    json.writeEndObject();
    if (!request.reason().isEmpty()) {
      text(json, "status", "Failure");
      text(json, "reason", request.reason());
    }
    json.writeNumberProperty("code", request.code());
    json.writeEndObject();
  }

  private static void texts(JsonGenerator json, String field, List<String> values) {
    json.writeArrayPropertyStart(field);
    values.forEach(json::writeString);
    json.writeEndArray();
  }

  private static void text(JsonGenerator json, String field, String value) {
    json.writeStringProperty(field, value);
  }

  private static void textIfAny(JsonGenerator json, String field, String value) {
    if (!value.isEmpty()) {
      text(json, field, value);
    }
  }
}
