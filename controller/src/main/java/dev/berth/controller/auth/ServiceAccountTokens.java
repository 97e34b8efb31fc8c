package dev.berth.controller.auth;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.Times;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.Resources;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Tokens of ServiceAccounts: bound ones that expire and die with the account, pod, secret or node
/// that they name (`authentication.k8s.io/v1 TokenRequest`), and those without an end that lie in
/// Secrets of type `kubernetes.io/service-account-token`. Any thread may call.
public final class ServiceAccountTokens {
  public static final String ISSUER = "https://kubernetes.default.svc.cluster.local";
  public static final String LEGACY_ISSUER = "kubernetes/serviceaccount";
  private static final Duration USUAL_LIFE = Duration.ofHours(1);
  private static final Duration SHORTEST_LIFE = Duration.ofMinutes(10);
  private static final Duration LONGEST_LIFE = Duration.ofDays(366);
  private static final Duration DYING = Duration.ofMinutes(1);
  private static final Duration SKEW = Duration.ofMinutes(1);
  private static final String PRIVATE = "kubernetes.io";
  private static final String LEGACY = "kubernetes.io/serviceaccount/";

  private final Supplier<TokenKey> key;
  private final Resources resources;
  private final InstantSource clock;
  private final Supplier<String> ids;
  private final ProvenTokens proven = new ProvenTokens();

  /// @param ids of tokens, never the same twice
  public ServiceAccountTokens(
      Supplier<TokenKey> key, Resources resources, InstantSource clock, Supplier<String> ids) {
    this.key = key;
    this.resources = resources;
    this.clock = clock;
    this.ids = ids;
  }

  /// Who a token stands for, and for which audiences of those that were asked for.
  public record Verified(Identity identity, List<String> audiences) {}

  /// Answers a TokenRequest for the account.
  ///
  /// @throws ApiException `Invalid`, `NotFound` or `Conflict` when the request asks for what cannot
  ///   be
  public ObjectNode issue(ObjectKey account, ObjectNode request) {
    ObjectNode owner = resources.get(Kinds.SERVICE_ACCOUNT, account).tree();
    List<String> audiences = texts(Json.at(request, "spec", "audiences"));
    Duration life = life(Json.at(request, "spec", "expirationSeconds"));
    Instant now = Instant.ofEpochSecond(clock.instant().getEpochSecond());
    ObjectNode claims = Json.object();
    texts(claims.putArray("aud"), audiences.isEmpty() ? List.of(ISSUER) : audiences);
    claims.put("exp", now.plus(life).getEpochSecond()).put("iat", now.getEpochSecond());
    claims.put("iss", ISSUER).put("jti", ids.get());
    ObjectNode bound = claims.putObject(PRIVATE).put("namespace", account.namespace());
    bind(bound, account.namespace(), request);
    bound.set("serviceaccount", named(owner));
    claims.put("nbf", now.getEpochSecond());
    claims.put("sub", new ServiceAccountName(account.namespace(), account.name()).user());
    return answer(request, claims, life);
  }

  private ObjectNode answer(ObjectNode request, ObjectNode claims, Duration life) {
    ObjectNode answer = Json.deepCopy(request);
    answer.put("kind", "TokenRequest").put("apiVersion", "authentication.k8s.io/v1");
    ObjectNode spec = Json.ensure(answer, "spec").put("expirationSeconds", life.toSeconds());
    spec.set("audiences", claims.path("aud"));
    Instant end = Instant.ofEpochSecond(claims.path("exp").asLong());
    answer
        .putObject("status")
        .put("token", Jwt.sign(claims, key.get()))
        .put("expirationTimestamp", Times.format(end));
    return answer;
  }

  private static Duration life(JsonNode seconds) {
    if (!seconds.isIntegralNumber()) {
      return USUAL_LIFE;
    }
    Duration life = Duration.ofSeconds(seconds.asLong());
    if (life.compareTo(SHORTEST_LIFE) < 0) {
      throw new ApiException(
          ApiError.Invalid.of(
              "TokenRequest",
              "",
              List.of(
                  new ApiError.Cause(
                      "spec.expirationSeconds",
                      "FieldValueInvalid",
                      "Invalid value: "
                          + seconds
                          + ": may not specify a duration less than 10 minutes"))));
    }
    return life.compareTo(LONGEST_LIFE) > 0 ? LONGEST_LIFE : life;
  }

  private void bind(ObjectNode claims, String namespace, ObjectNode request) {
    JsonNode reference = Json.at(request, "spec", "boundObjectRef");
    if (Json.isEmpty(reference)) {
      return;
    }
    ResourceType type = boundType(Json.text(reference, "kind"));
    String where = type.namespaced() ? namespace : "";
    ObjectNode object =
        resources.get(type, new ObjectKey(where, Json.text(reference, "name"))).tree();
    String uid = Json.text(reference, "uid");
    if (!uid.isEmpty() && !uid.equals(Json.uid(object))) {
      throw new ApiException(
          new ApiError.Conflict(
              "the UID in the bound object reference ("
                  + uid
                  + ") does not match the UID in record. The object might have been deleted and"
                  + " then recreated"));
    }
    claims.set(type.singular(), named(object));
    String node = type.equals(Kinds.POD) ? Json.text(object, "spec", "nodeName") : "";
    resources
        .find(Kinds.NODE, ObjectKey.clusterScoped(node))
        .map(Item::tree)
        .ifPresent(found -> claims.set("node", named(found)));
  }

  private static ResourceType boundType(String kind) {
    return switch (kind) {
      case "Pod" -> Kinds.POD;
      case "Secret" -> Kinds.SECRET;
      case "Node" -> Kinds.NODE;
      default ->
          throw new ApiException(
              new ApiError.BadRequest(
                  "cannot bind token to object of kind \"" + kind + "\": use Pod, Secret or Node"));
    };
  }

  private static ObjectNode named(ObjectNode object) {
    return Json.object().put("name", Json.name(object)).put("uid", Json.uid(object));
  }

  /// The token that a Secret of the legacy type holds: it lives as long as the Secret does.
  public String legacy(ObjectNode secret, ObjectNode account) {
    ObjectNode claims = Json.object().put("iss", LEGACY_ISSUER);
    claims.put(LEGACY + "namespace", Json.namespace(account));
    claims.put(LEGACY + "secret.name", Json.name(secret));
    claims.put(LEGACY + "service-account.name", Json.name(account));
    claims.put(LEGACY + "service-account.uid", Json.uid(account));
    claims.put("sub", new ServiceAccountName(Json.namespace(account), Json.name(account)).user());
    return Jwt.sign(claims, key.get());
  }

  /// Empty when the token proves nothing: not ours, over, for others, or of something that is gone.
  ///
  /// @param audiences of which the token must name one; none means this API server
  public Optional<Verified> verify(String token, List<String> audiences) {
    List<String> wanted = audiences.isEmpty() ? List.of(ISSUER) : audiences;
    return proven
        .claims(token, key.get())
        .flatMap(
            claims ->
                switch (Json.text(claims, "iss")) {
                  case ISSUER -> bound(claims, wanted);
                  case LEGACY_ISSUER -> legacy(token, claims, wanted);
                  default -> Optional.empty();
                });
  }

  private Optional<Verified> bound(ObjectNode claims, List<String> wanted) {
    Instant now = clock.instant();
    boolean timely =
        now.isBefore(Instant.ofEpochSecond(claims.path("exp").asLong()))
            && !now.plus(SKEW).isBefore(Instant.ofEpochSecond(claims.path("nbf").asLong()));
    List<String> shared = new ArrayList<>(wanted);
    shared.retainAll(texts(claims.path("aud")));
    JsonNode names = claims.path(PRIVATE);
    String namespace = Json.text(names, "namespace");
    boolean alive =
        isAlive(Kinds.SERVICE_ACCOUNT, namespace, names.path("serviceaccount"))
            && isAlive(Kinds.POD, namespace, names.path("pod"))
            && isAlive(Kinds.SECRET, namespace, names.path("secret"))
            && isAlive(Kinds.NODE, "", names.path("node"));
    return timely && !shared.isEmpty() && alive
        ? Optional.of(new Verified(identity(claims), shared))
        : Optional.empty();
  }

  /// What a token does not name cannot be gone.
  private boolean isAlive(ResourceType type, String namespace, JsonNode named) {
    return named.isMissingNode()
        || resources
            .find(type, new ObjectKey(namespace, Json.text(named, "name")))
            .map(Item::tree)
            .filter(found -> Json.uid(found).equals(Json.text(named, "uid")))
            .filter(found -> !isLongDying(found))
            .isPresent();
  }

  private boolean isLongDying(ObjectNode object) {
    return Times.at(object, "metadata", "deletionTimestamp")
        .map(end -> end.plus(DYING).isBefore(clock.instant()))
        .orElse(false);
  }

  private static Identity identity(ObjectNode claims) {
    JsonNode names = claims.path(PRIVATE);
    ServiceAccountName account =
        new ServiceAccountName(
            Json.text(names, "namespace"), Json.text(names, "serviceaccount", "name"));
    Map<String, List<String>> extra = new LinkedHashMap<>();
    String prefix = "authentication.kubernetes.io/";
    extra.put(prefix + "credential-id", List.of("JTI=" + Json.text(claims, "jti")));
    for (String part : List.of("node", "pod")) {
      if (names.has(part)) {
        extra.put(prefix + part + "-name", List.of(Json.text(names, part, "name")));
        extra.put(prefix + part + "-uid", List.of(Json.text(names, part, "uid")));
      }
    }
    return new Identity(
        account.user(), Json.text(names, "serviceaccount", "uid"), account.groups(), extra);
  }

  private Optional<Verified> legacy(String token, ObjectNode claims, List<String> wanted) {
    if (!wanted.contains(ISSUER)) {
      return Optional.empty();
    }
    ServiceAccountName account =
        new ServiceAccountName(
            Json.text(claims, LEGACY + "namespace"),
            Json.text(claims, LEGACY + "service-account.name"));
    String uid = Json.text(claims, LEGACY + "service-account.uid");
    ObjectNode named = Json.object().put("name", account.name()).put("uid", uid);
    boolean alive =
        isAlive(Kinds.SERVICE_ACCOUNT, account.namespace(), named)
            && isHeldBy(Json.text(claims, LEGACY + "secret.name"), account.namespace(), token);
    return alive
        ? Optional.of(
            new Verified(
                new Identity(account.user(), uid, account.groups(), Map.of()), List.of(ISSUER)))
        : Optional.empty();
  }

  private boolean isHeldBy(String secret, String namespace, String token) {
    return resources
        .find(Kinds.SECRET, new ObjectKey(namespace, secret))
        .map(item -> Json.text(item.tree(), "data", "token"))
        .map(held -> MessageDigest.isEqual(bytes(held), Base64.getEncoder().encode(bytes(token))))
        .orElse(false);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(text -> texts.add(text.asString("")));
    return texts;
  }

  private static void texts(ArrayNode array, List<String> texts) {
    texts.forEach(array::add);
  }
}
