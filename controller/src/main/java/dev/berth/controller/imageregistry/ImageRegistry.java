package dev.berth.controller.imageregistry;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.controller.auth.Attributes;
import dev.berth.controller.auth.Authorizer;
import dev.berth.controller.blobs.BlobStore;
import dev.berth.controller.http.HttpExchange;
import dev.berth.controller.http.HttpSurface;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/// Routes of the distribution API. The numbers are those of the specification's table of endpoints.
public final class ImageRegistry implements HttpSurface {
  private static final long MOST_DRAINED = 1L << 30;
  private final Path root;
  private final Authorizer authorizer;
  private final Repositories repositories;
  private final Blobs blobs;
  private final Manifests manifests;

  public ImageRegistry(Path root, BlobStore store, Authorizer authorizer) throws IOException {
    this.root = root;
    this.authorizer = authorizer;
    this.repositories = new Repositories(root);
    this.blobs = new Blobs(repositories, store);
    this.manifests = new Manifests(repositories, store);
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try {
      authorizer.require(
          exchange.identity(),
          new Attributes.OnPath(exchange.method().toLowerCase(Locale.ROOT), exchange.path()));
      route(exchange);
    } catch (ApiException e) {
      refuse(exchange, translated(e.error()));
    } catch (RegistryError e) {
      refuse(exchange, e);
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left on device")) {
        throw e;
      }
      drain(exchange);
      refuse(exchange, full());
    }
  }

  /// Who still sends reads no answer: the rest of the body is taken, within bounds.
  private static void drain(HttpExchange exchange) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long left = MOST_DRAINED;
    for (int n = 0; n >= 0 && left > 0; left -= n) {
      n = exchange.body().read(buffer);
    }
  }

  private RegistryError full() throws IOException {
    long free = Files.getFileStore(root).getUsableSpace();
    return new RegistryError(
        507,
        "UNKNOWN",
        "no space is left: the disk of " + root + " has " + free + " bytes free, too few for this");
  }

  private static RegistryError translated(ApiError error) {
    String code =
        switch (error) {
          case ApiError.Unauthorized _ -> "UNAUTHORIZED";
          case ApiError.Forbidden _ -> "DENIED";
          case ApiError.TooLarge _ -> "SIZE_INVALID";
          default -> "UNKNOWN";
        };
    return new RegistryError(error.code(), code, error.message());
  }

  private static void refuse(HttpExchange exchange, RegistryError error) throws IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    if (error.status() == 401) {
      headers.put("WWW-Authenticate", "Basic realm=\"berth\"");
    }
    exchange.respond(error.status(), headers, error.body());
  }

  private void route(HttpExchange exchange) throws IOException {
    String path = exchange.path();
    if (path.equals("/v2") || path.equals("/v2/")) {
      json(exchange, Json.object());
      return;
    }
    if (path.equals("/v2/_catalog")) {
      catalog(exchange);
      return;
    }
    RegistryPath at =
        RegistryPath.parse(path)
            .orElseThrow(
                () -> new RegistryError(404, "NAME_INVALID", "not a repository's path: " + path));
    switch (at.collection()) {
      case "blobs" -> blobs.handle(exchange, at);
      case "blobs/uploads" -> blobs.upload(exchange, at);
      case "manifests" -> manifests.handle(exchange, at);
      case "referrers" -> manifests.referrers(exchange, at);
      default -> tags(exchange, at);
    }
  }

  private void catalog(HttpExchange exchange) throws IOException {
    ObjectNode answer = Json.object();
    page(exchange, repositories.all()).forEach(answer.putArray("repositories")::add);
    json(exchange, answer);
  }

  /// 8a, 8b: sorted, from behind `last`, at most `n`, with the way to the next page.
  private void tags(HttpExchange exchange, RegistryPath at) throws IOException {
    if (!at.reference().equals("list") || !repositories.exists(at.repository())) {
      throw new RegistryError(404, "NAME_UNKNOWN", "there is no repository " + at.repository());
    }
    List<String> all = repositories.tags(at.repository());
    List<String> page = page(exchange, all);
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", "application/json");
    boolean more = !page.isEmpty() && !page.getLast().equals(all.getLast());
    if (more) {
      headers.put(
          "Link",
          "</v2/"
              + at.repository()
              + "/tags/list?n="
              + page.size()
              + "&last="
              + page.getLast()
              + ">; rel=\"next\"");
    }
    ObjectNode answer = Json.object().put("name", at.repository());
    page.forEach(answer.putArray("tags")::add);
    exchange.respond(200, headers, Json.bytes(answer));
  }

  private static List<String> page(HttpExchange exchange, List<String> all) {
    String last = exchange.query("last").orElse("");
    int most = exchange.query("n").map(ImageRegistry::count).orElse(Integer.MAX_VALUE);
    return all.stream().filter(name -> name.compareTo(last) > 0).limit(most).toList();
  }

  private static int count(String text) {
    try {
      return Math.max(0, Integer.parseInt(text));
    } catch (NumberFormatException e) {
      throw new RegistryError(400, "PAGINATION_NUMBER_INVALID", "n is not a number: " + text);
    }
  }

  static void json(HttpExchange exchange, ObjectNode body) throws IOException {
    exchange.respond(
        200,
        Map.of(
            "Content-Type", "application/json", "Docker-Distribution-Api-Version", "registry/2.0"),
        Json.bytes(body));
  }

  static Digest digest(String text) {
    try {
      return Digest.parse(text);
    } catch (IllegalArgumentException e) {
      throw new RegistryError(400, "DIGEST_INVALID", String.valueOf(e.getMessage()));
    }
  }

  static RegistryError notAllowed(HttpExchange exchange) {
    return new RegistryError(
        405, "UNSUPPORTED", exchange.method() + " is not allowed on " + exchange.path());
  }
}
