package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.schema.Discovery;
import dev.berth.controller.auth.ServiceAccountTokens;
import dev.berth.controller.auth.TokenKey;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.resource.ServedKinds;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What is not an object: discovery, OpenAPI, version, health, metrics.
public final class Documents {
  private static final Map<String, String> TEXT =
      Map.of("Content-Type", "text/plain; charset=utf-8", "X-Content-Type-Options", "nosniff");

  private static final Map<String, String> JWKS =
      Map.of("Content-Type", "application/jwk-set+json");

  /// The Kubernetes level that is spoken, with our own version behind it.
  public static final String VERSION = "v1.36.0+berth.0.1.0";

  private final Supplier<String> metrics;
  private final Supplier<Optional<String>> problem;
  private final Supplier<TokenKey> tokenKey;
  private final OpenApiDocuments openApi;
  private final ServedKinds kinds;

  /// @param problem why this server can do no work; empty while it can
  /// @param tokenKey whose public half others check tokens of ServiceAccounts with
  public Documents(
      Supplier<String> metrics,
      Supplier<Optional<String>> problem,
      Supplier<TokenKey> tokenKey,
      ServedKinds kinds) {
    this.metrics = metrics;
    this.problem = problem;
    this.tokenKey = tokenKey;
    this.openApi = new OpenApiDocuments(kinds::schemas);
    this.kinds = kinds;
  }

  void handle(HttpExchange exchange) throws IOException {
    if (!exchange.method().equals("GET") && !exchange.method().equals("HEAD")) {
      throw ApiSurface.notAllowed(exchange);
    }
    String path = exchange.path();
    switch (path) {
      case "/", "/index.html" -> json(exchange, paths());
      case "/livez", "/healthz" -> exchange.respond(200, TEXT, Bodies.utf8("ok"));
      case "/readyz" -> readiness(exchange);
      case "/version", "/version/" -> json(exchange, version());
      case "/metrics" -> exchange.respond(200, TEXT, Bodies.utf8(metrics.get()));
      case "/api", "/api/" -> discovery(exchange, true);
      case "/apis", "/apis/" -> discovery(exchange, false);
      case "/openid/v1/jwks" -> exchange.respond(200, JWKS, Json.bytes(tokenKey.get().jwks()));
      case "/.well-known/openid-configuration" -> json(exchange, openIdConfiguration());
      case "/openapi/v2" -> openApi.version2(exchange);
      case "/openapi/v3" -> openApi.index(exchange);
      default -> below(exchange, path);
    }
  }

  private void below(HttpExchange exchange, String path) throws IOException {
    if (path.startsWith("/openapi/v3/")) {
      String rest = path.substring("/openapi/v3/".length());
      String version = requireServed(rest.substring(rest.indexOf('/') + 1), path);
      openApi.groupVersion(exchange, version);
    } else if (path.startsWith("/api/")) {
      json(exchange, Discovery.resources(requireServed(trimmed(path, "/api/"), path), kinds.all()));
    } else if (path.startsWith("/apis/")) {
      String rest = trimmed(path, "/apis/");
      json(
          exchange,
          rest.contains("/")
              ? Discovery.resources(requireServed(rest, path), kinds.all())
              : group(rest, path));
    } else {
      throw notFound(path);
    }
  }

  private static String trimmed(String path, String prefix) {
    String rest = path.substring(prefix.length());
    return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
  }

  private String requireServed(String groupVersion, String path) {
    if (kinds.all().stream().noneMatch(type -> type.gvk().apiVersion().equals(groupVersion))) {
      throw notFound(path);
    }
    return groupVersion;
  }

  private JsonNode group(String name, String path) {
    for (JsonNode group : Discovery.apiGroups(kinds.all()).path("groups")) {
      if (Json.text(group, "name").equals(name)) {
        ObjectNode found = Json.deepCopy(group);
        return found.put("kind", "APIGroup").put("apiVersion", "v1");
      }
    }
    throw notFound(path);
  }

  private static ApiException notFound(String path) {
    return new ApiException(
        new ApiError.NotFound(
            "the server could not find the requested resource: there is no " + path));
  }

  private void readiness(HttpExchange exchange) throws IOException {
    Optional<String> found = problem.get();
    exchange.respond(found.isEmpty() ? 200 : 503, TEXT, Bodies.utf8(found.orElse("ok")));
  }

  private void discovery(HttpExchange exchange, boolean core) throws IOException {
    String accept = exchange.header("Accept").orElse("");
    for (Negotiation.MediaType offer : Negotiation.MediaType.parseAll(accept)) {
      String version = offer.parameters().getOrDefault("v", "");
      boolean aggregated =
          offer.parameters().getOrDefault("g", "").equals("apidiscovery.k8s.io")
              && (version.equals("v2") || version.equals("v2beta1"));
      if (aggregated) {
        ObjectNode document =
            core
                ? Discovery.aggregatedCore(version, kinds.all())
                : Discovery.aggregatedGroups(version, kinds.all());
        String type = version.equals("v2") ? Discovery.AGGREGATED_V2 : Discovery.AGGREGATED_V2BETA1;
        tagged(exchange, document, Map.of("Content-Type", type, "Vary", "Accept"));
        return;
      }
    }
    String host = exchange.header("Host").orElse("localhost");
    json(exchange, core ? Discovery.apiVersions(host) : Discovery.apiGroups(kinds.all()));
  }

  private static void tagged(HttpExchange exchange, JsonNode document, Map<String, String> headers)
      throws IOException {
    byte[] body = Json.bytes(document);
    String tag = "\"" + Digest.sha256(body).hex() + "\"";
    Map<String, String> all = new HashMap<>(headers);
    all.put("ETag", tag);
    if (exchange.header("If-None-Match").map(tag::equals).orElse(false)) {
      exchange.respond(304, all, new byte[0]);
    } else {
      exchange.respond(200, all, body);
    }
  }

  private static void json(HttpExchange exchange, JsonNode document) throws IOException {
    exchange.respond(200, Reading.JSON, Json.bytes(document));
  }

  private static ObjectNode paths() {
    ObjectNode paths = Json.object();
    var list = paths.putArray("paths");
    for (String path :
        new String[] {
          "/.well-known/openid-configuration",
          "/api",
          "/apis",
          "/healthz",
          "/livez",
          "/metrics",
          "/openapi/v2",
          "/openapi/v3",
          "/openid/v1/jwks",
          "/readyz",
          "/v2/",
          "/version"
        }) {
      list.add(path);
    }
    return paths;
  }

  /// OpenID Connect Discovery 1.0, 3: what a relying party needs to check a token of a
  /// ServiceAccount by itself.
  private static ObjectNode openIdConfiguration() {
    ObjectNode document = Json.object().put("issuer", ServiceAccountTokens.ISSUER);
    document.put("jwks_uri", ServiceAccountTokens.ISSUER + "/openid/v1/jwks");
    document.putArray("response_types_supported").add("id_token");
    document.putArray("subject_types_supported").add("public");
    document.putArray("id_token_signing_alg_values_supported").add("ES256");
    return document;
  }

  private static ObjectNode version() {
    return Json.object()
        .put("major", "1")
        .put("minor", "36")
        .put("gitVersion", VERSION)
        .put("gitCommit", "")
        .put("gitTreeState", "clean")
        .put("buildDate", "2026-01-01T00:00:00Z")
        .put("goVersion", "")
        .put("compiler", "javac")
        .put(
            "platform",
            "linux/" + (System.getProperty("os.arch", "").equals("aarch64") ? "arm64" : "amd64"));
  }
}
