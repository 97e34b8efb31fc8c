package dev.berth.controller.auth;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Questions that look like objects: who am I, may I, may they, whose token is this. They are
/// answered by their own status and stored nowhere.
public final class Reviews {
  private final Authorizer authorizer;
  private final BearerTokens tokens;

  public Reviews(Authorizer authorizer, BearerTokens tokens) {
    this.authorizer = authorizer;
    this.tokens = tokens;
  }

  /// Fills in the status of a review.
  ///
  /// @param kind of `authentication.k8s.io/v1` or `authorization.k8s.io/v1`
  /// @param namespace of the path, empty where it has none
  /// @throws ApiException `Invalid` or `BadRequest` where the question is none
  public void answer(Identity asker, String kind, String namespace, ObjectNode review) {
    review.put("kind", kind);
    Json.ensure(review, "metadata");
    ObjectNode status = review.putObject("status");
    JsonNode spec = review.path("spec");
    switch (kind) {
      case "SelfSubjectReview" -> status.set("userInfo", user(asker));
      case "TokenReview" -> token(spec, status);
      case "SelfSubjectRulesReview" -> rules(asker, spec, status);
      case "SelfSubjectAccessReview" -> access(kind, asker, spec, status);
      case "SubjectAccessReview" -> access(kind, subject(kind, spec), spec, status);
      case "LocalSubjectAccessReview" -> {
        requireNamespace(kind, namespace, spec);
        access(kind, subject(kind, spec), spec, status);
      }
      default -> throw new ApiException(new ApiError.BadRequest(kind + " is no review"));
    }
  }

  private static ObjectNode user(Identity identity) {
    ObjectNode user = Json.object().put("username", identity.user());
    if (!identity.uid().isEmpty()) {
      user.put("uid", identity.uid());
    }
    identity.groups().forEach(user.putArray("groups")::add);
    if (!identity.extra().isEmpty()) {
      ObjectNode extra = user.putObject("extra");
      identity.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
    }
    return user;
  }

  private void token(JsonNode spec, ObjectNode status) {
    List<String> audiences = texts(spec.path("audiences"));
    Optional<ServiceAccountTokens.Verified> found =
        tokens.verify(Json.text(spec, "token"), audiences);
    if (found.isEmpty()) {
      status.putObject("user");
      status.put("error", "invalid bearer token");
      return;
    }
    status.put("authenticated", true);
    status.set("user", user(found.get().identity().asAuthenticated()));
    found.get().audiences().forEach(status.putArray("audiences")::add);
  }

  private void rules(Identity asker, JsonNode spec, ObjectNode status) {
    String namespace = Json.text(spec, "namespace");
    if (namespace.isEmpty()) {
      throw new ApiException(
          new ApiError.BadRequest("no namespace on request: set spec.namespace"));
    }
    ArrayNode resources = status.putArray("resourceRules");
    ArrayNode paths = status.putArray("nonResourceRules");
    for (Rule rule : authorizer.rules(asker, namespace)) {
      (rule.paths().isEmpty() ? resources : paths).add(rule.toJson());
    }
    status.put("incomplete", asker.node().isPresent());
    if (asker.node().isPresent()) {
      status.put("evaluationError", "what a node may do besides follows from its pods");
    }
  }

  private void access(String kind, Identity subject, JsonNode spec, ObjectNode status) {
    status.put("allowed", authorizer.allows(subject, wanted(kind, spec)));
  }

  private static Attributes wanted(String kind, JsonNode spec) {
    JsonNode resource = spec.path("resourceAttributes");
    JsonNode path = spec.path("nonResourceAttributes");
    if (resource.isObject() == path.isObject()) {
      throw invalid(
          kind,
          "spec.resourceAttributes",
          "exactly one of nonResourceAttributes or resourceAttributes must be specified");
    }
    return path.isObject()
        ? new Attributes.OnPath(Json.text(path, "verb"), Json.text(path, "path"))
        : new Attributes.OnResource(
            Json.text(resource, "verb"),
            Json.text(resource, "group"),
            Json.text(resource, "resource"),
            Json.text(resource, "namespace"),
            Json.text(resource, "name"),
            Json.text(resource, "subresource"),
            FieldSelector.EVERYTHING);
  }

  /// The groups are taken as they are given: nothing is added to them.
  private static Identity subject(String kind, JsonNode spec) {
    String user = Json.text(spec, "user");
    List<String> groups = texts(spec.path("groups"));
    if (user.isEmpty() && groups.isEmpty()) {
      throw invalid(kind, "spec.user", "at least one of user or group must be specified");
    }
    Map<String, List<String>> extra = new LinkedHashMap<>();
    spec.path("extra").properties().forEach(e -> extra.put(e.getKey(), texts(e.getValue())));
    return new Identity(user, Json.text(spec, "uid"), groups, extra);
  }

  private static void requireNamespace(String kind, String namespace, JsonNode spec) {
    if (!Json.text(spec, "resourceAttributes", "namespace").equals(namespace)) {
      throw invalid(
          kind,
          "spec.resourceAttributes.namespace",
          "must match metadata.namespace, that of the request: " + namespace);
    }
  }

  private static ApiException invalid(String kind, String field, String message) {
    return new ApiException(
        ApiError.Invalid.of(
            kind,
            "",
            List.of(new ApiError.Cause(field, "FieldValueInvalid", "Invalid value: " + message))));
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asString("")));
    return texts;
  }
}
