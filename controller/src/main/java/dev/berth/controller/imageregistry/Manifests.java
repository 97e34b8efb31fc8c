package dev.berth.controller.imageregistry;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.controller.blobs.BlobStore;
import dev.berth.controller.http.HttpExchange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Manifests, their tags, and who refers to whom.
final class Manifests {
  private static final int LARGEST = 4 << 20;
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /// What was pushed is data, whatever a browser would make of it.
  static final Map<String, String> NO_PAGE =
      Map.of("X-Content-Type-Options", "nosniff", "Content-Security-Policy", "sandbox");

  private static final Pattern TYPE =
      Pattern.compile("application/vnd\\.(oci|docker)\\.[a-z0-9.]{1,80}\\+json");

  private final Repositories repositories;
  private final BlobStore store;

  Manifests(Repositories repositories, BlobStore store) {
    this.repositories = repositories;
    this.store = store;
  }

  void handle(HttpExchange exchange, RegistryPath at) throws IOException {
    switch (exchange.method()) {
      case "GET", "HEAD" -> send(exchange, at);
      case "PUT" -> put(exchange, at);
      case "DELETE" -> delete(exchange, at);
      default -> throw ImageRegistry.notAllowed(exchange);
    }
  }

  private Digest resolve(RegistryPath at) throws IOException {
    if (at.reference().contains(":")) {
      return ImageRegistry.digest(at.reference());
    }
    requireTag(at.reference());
    return repositories.tag(at.repository(), at.reference()).orElseThrow(() -> unknown(at));
  }

  private static void requireTag(String tag) {
    if (!RegistryPath.isTag(tag)) {
      throw new RegistryError(400, "TAG_INVALID", "not a tag: " + tag);
    }
  }

  private static RegistryError unknown(RegistryPath at) {
    return new RegistryError(
        404,
        "MANIFEST_UNKNOWN",
        "repository " + at.repository() + " has no manifest " + at.reference());
  }

  private void send(HttpExchange exchange, RegistryPath at) throws IOException {
    Digest digest = resolve(at);
    String mediaType =
        repositories.mediaType(at.repository(), digest).orElseThrow(() -> unknown(at));
    Path file = store.find(digest).orElseThrow(() -> unknown(at));
    byte[] bytes = Files.readAllBytes(file);
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", mediaType);
    headers.put("Docker-Content-Digest", digest.toString());
    headers.put("ETag", "\"" + digest + "\"");
    headers.put("Content-Length", Integer.toString(bytes.length));
    headers.putAll(NO_PAGE);
    exchange.respond(200, headers, bytes);
  }

  /// 7a, 7b: by tag, or by digest with any number of tags.
  private void put(HttpExchange exchange, RegistryPath at) throws IOException {
    byte[] bytes = exchange.body(LARGEST);
    JsonNode manifest = parse(bytes);
    boolean byDigest = at.reference().contains(":");
    Digest digest = byDigest ? ImageRegistry.digest(at.reference()) : Digest.sha256(bytes);
    if (!digest.matches(bytes)) {
      throw new RegistryError(400, "DIGEST_INVALID", "the manifest is not " + digest);
    }
    List<String> tags = new ArrayList<>(exchange.queryAll("tag"));
    if (!byDigest) {
      tags.add(at.reference());
    }
    tags.forEach(Manifests::requireTag);
    String mediaType = mediaType(exchange, manifest);
    requireParts(at.repository(), manifest);
    store.put(digest, bytes);
    repositories.putManifest(at.repository(), digest, mediaType);
    for (String tag : tags) {
      repositories.putTag(at.repository(), tag, digest);
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Location", "/v2/" + at.repository() + "/manifests/" + digest);
    headers.put("Docker-Content-Digest", digest.toString());
    Json.optional(manifest, "subject", "digest").ifPresent(s -> headers.put("OCI-Subject", s));
    if (byDigest && !tags.isEmpty()) {
      headers.put("OCI-Tag", String.join(", ", tags));
    }
    exchange.respond(201, headers, new byte[0]);
  }

  private static JsonNode parse(byte[] bytes) {
    try {
      JsonNode manifest = Json.parse(bytes);
      if (manifest.isObject() && manifest.path("schemaVersion").asInt(0) == 2) {
        return manifest;
      }
    } catch (JacksonException | IllegalArgumentException e) {
      throw new RegistryError(
          400, "MANIFEST_INVALID", "the manifest is not JSON: " + e.getMessage());
    }
    throw new RegistryError(
        400,
        "MANIFEST_INVALID",
        "not a manifest of schema version 2 (Docker's version 1 is not taken)");
  }

  private static String mediaType(HttpExchange exchange, JsonNode manifest) {
    String type =
        exchange
            .header("Content-Type")
            .filter(given -> !given.isBlank())
            .or(() -> Json.optional(manifest, "mediaType"))
            .orElse(manifest.has("manifests") ? INDEX : MANIFEST);
    // Whoever reads it is answered with this type: as text/html it would be a page of this server.
    if (!TYPE.matcher(type).matches()) {
      throw new RegistryError(
          400,
          "MANIFEST_INVALID",
          "the media type is not one of a manifest, such as " + MANIFEST + ": " + type);
    }
    return type;
  }

  /// Config and layers must be here; manifests of an index may come later.
  private void requireParts(String repository, JsonNode manifest) {
    List<JsonNode> parts = new ArrayList<>();
    if (manifest.path("config").isObject()) {
      parts.add(manifest.path("config"));
    }
    manifest.path("layers").forEach(parts::add);
    for (JsonNode part : parts) {
      Digest digest = ImageRegistry.digest(Json.text(part, "digest"));
      boolean elsewhere =
          Json.text(part, "mediaType").contains("nondistributable") || !part.path("urls").isEmpty();
      if (!elsewhere && !repositories.hasBlob(repository, digest)) {
        throw new RegistryError(
            404,
            "MANIFEST_BLOB_UNKNOWN",
            "the manifest names blob "
                + digest
                + ", which repository "
                + repository
                + " does not have: push it first");
      }
    }
  }

  private void delete(HttpExchange exchange, RegistryPath at) throws IOException {
    boolean digest = at.reference().contains(":");
    boolean was =
        digest
            ? repositories.deleteManifest(at.repository(), ImageRegistry.digest(at.reference()))
            : RegistryPath.isTag(at.reference())
                && repositories.deleteTag(at.repository(), at.reference());
    if (!was) {
      throw unknown(at);
    }
    exchange.respond(202, Map.of(), new byte[0]);
  }

  /// 12a, 12b: an index of the manifests whose subject is this digest, perhaps of one artifact
  /// type.
  void referrers(HttpExchange exchange, RegistryPath at) throws IOException {
    if (!exchange.method().equals("GET")) {
      throw ImageRegistry.notAllowed(exchange);
    }
    String subject = ImageRegistry.digest(at.reference()).toString();
    Optional<String> wanted = exchange.query("artifactType");
    ObjectNode index = Json.object().put("schemaVersion", 2).put("mediaType", INDEX);
    ArrayNode found = index.putArray("manifests");
    for (Digest digest : repositories.manifests(at.repository())) {
      Optional<ObjectNode> descriptor = referrer(at.repository(), digest, subject);
      descriptor
          .filter(d -> wanted.isEmpty() || Json.text(d, "artifactType").equals(wanted.get()))
          .ifPresent(found::add);
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", INDEX);
    if (wanted.isPresent()) {
      headers.put("OCI-Filters-Applied", "artifactType");
    }
    exchange.respond(200, headers, Json.bytes(index));
  }

  private Optional<ObjectNode> referrer(String repository, Digest digest, String subject)
      throws IOException {
    Optional<Path> file = store.find(digest);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    byte[] bytes = Files.readAllBytes(file.get());
    JsonNode manifest = Json.parse(bytes);
    if (!Json.text(manifest, "subject", "digest").equals(subject)) {
      return Optional.empty();
    }
    ObjectNode descriptor = Json.object();
    descriptor.put("mediaType", repositories.mediaType(repository, digest).orElse(MANIFEST));
    descriptor.put("digest", digest.toString()).put("size", bytes.length);
    String artifactType =
        Json.optional(manifest, "artifactType").orElse(Json.text(manifest, "config", "mediaType"));
    if (!artifactType.isEmpty()) {
      descriptor.put("artifactType", artifactType);
    }
    if (manifest.path("annotations").isObject()) {
      descriptor.set("annotations", manifest.path("annotations"));
    }
    return Optional.of(descriptor);
  }
}
