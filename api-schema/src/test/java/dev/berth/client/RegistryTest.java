package dev.berth.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.berth.api.Digest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RegistryTest {
  private static final byte[] BYTES = "layer".getBytes(UTF_8);
  private static final Digest DIGEST = Digest.sha256(BYTES);
  private static final byte[] MANIFEST = "{\"schemaVersion\":2}".getBytes(UTF_8);

  /// Path to content; the registry needs a token, the blob store on the other port must never see
  /// one.
  private final Map<String, byte[]> content = new ConcurrentHashMap<>();

  private final List<String> tokensAsked = new CopyOnWriteArrayList<>();
  private final List<String> authorizationsAtBlobStore = new CopyOnWriteArrayList<>();
  private final HttpServer registryServer = server(this::registry);
  private final HttpServer blobStore = server(this::blobs);
  private final Registry registry =
      Registry.of(
          URI.create("http://127.0.0.1:" + registryServer.getAddress().getPort()),
          null,
          Optional.of(new RegistryCredentials("me", "pw")));

  private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", handler);
      server.start();
      return server;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void close() {
    registry.close();
    registryServer.stop(0);
    blobStore.stop(0);
  }

  private void blobs(HttpExchange exchange) throws IOException {
    authorizationsAtBlobStore.addAll(
        exchange.getRequestHeaders().getOrDefault("Authorization", List.of()));
    reply(exchange, 200, content.getOrDefault(exchange.getRequestURI().getPath(), new byte[0]));
  }

  private void registry(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Headers headers = exchange.getRequestHeaders();
    if (path.equals("/token")) {
      tokensAsked.add(
          exchange.getRequestURI().getQuery() + " " + headers.getFirst("Authorization"));
      reply(exchange, 200, "{\"token\":\"t1\"}".getBytes(UTF_8));
    } else if (!"Bearer t1".equals(headers.getFirst("Authorization"))) {
      int port = registryServer.getAddress().getPort();
      exchange
          .getResponseHeaders()
          .set(
              "WWW-Authenticate",
              "Bearer realm=\"http://127.0.0.1:" + port + "/token\",service=\"reg\"");
      reply(exchange, 401, new byte[0]);
    } else {
      authorized(exchange, path);
    }
  }

  private void authorized(HttpExchange exchange, String path) throws IOException {
    Headers answer = exchange.getResponseHeaders();
    switch (exchange.getRequestMethod()) {
      case "POST" -> {
        answer.set("Location", "/v2/a/upload?state=1");
        reply(exchange, 202, new byte[0]);
      }
      case "PUT" -> {
        String query = exchange.getRequestURI().getRawQuery();
        byte[] body = exchange.getRequestBody().readAllBytes();
        content.put(
            query == null
                ? path
                : "/v2/a/blobs/" + query.replaceAll(".*digest=", "").replace("%3A", ":"),
            body);
        reply(exchange, 201, new byte[0]);
      }
      default -> read(exchange, path, answer);
    }
  }

  private void read(HttpExchange exchange, String path, Headers answer) throws IOException {
    if (path.equals("/v2/a/tags/list")) {
      boolean second = exchange.getRequestURI().getRawQuery() != null;
      if (!second) {
        answer.set("Link", "</v2/a/tags/list?last=1>; rel=\"next\"");
      }
      reply(exchange, 200, (second ? "{\"tags\":[\"2\"]}" : "{\"tags\":[\"1\"]}").getBytes(UTF_8));
    } else if (path.startsWith("/v2/a/blobs/moved")) {
      reply(exchange, 404, new byte[0]);
    } else if (path.contains("/blobs/")
        && content.containsKey(path)
        && exchange.getRequestMethod().equals("GET")) {
      answer.set("Location", "http://127.0.0.1:" + blobStore.getAddress().getPort() + path);
      reply(exchange, 307, new byte[0]);
    } else if (content.containsKey(path)) {
      answer.set("Content-Type", "application/vnd.oci.image.manifest.v1+json; charset=x");
      reply(exchange, 200, content.get(path));
    } else {
      reply(
          exchange,
          404,
          "{\"errors\":[{\"code\":\"BLOB_UNKNOWN\",\"message\":\"no such blob\"}]}"
              .getBytes(UTF_8));
    }
  }

  private static void reply(HttpExchange exchange, int code, byte[] body) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      boolean head = exchange.getRequestMethod().equals("HEAD");
      exchange.sendResponseHeaders(code, head || body.length == 0 ? -1 : body.length);
      if (!head && body.length > 0) {
        exchange.getResponseBody().write(body);
      }
    }
  }

  @Test
  void tokenIsAskedOncePerScopeWithTheCredentials() throws IOException {
    content.put("/v2/a/manifests/1", MANIFEST);
    registry.manifest("a", "1");
    registry.manifest("a", "1");
    assertEquals(List.of("service=reg&scope=repository:a:pull Basic bWU6cHc="), tokensAsked);
  }

  @Test
  void tokenStaysWithTheRegistry() throws IOException {
    content.put("/v2/a/blobs/" + DIGEST, BYTES);
    try (InputStream in = registry.blob("a", DIGEST)) {
      assertArrayEquals(BYTES, in.readAllBytes());
    }
    assertEquals(List.of(), authorizationsAtBlobStore);
  }

  @Test
  void otherBytesThanTheDigestsAreRefused() throws IOException {
    content.put("/v2/a/blobs/" + DIGEST, "evil!".getBytes(UTF_8));
    content.put("/v2/a/manifests/" + DIGEST, MANIFEST);
    try (InputStream in = registry.blob("a", DIGEST)) {
      assertThrows(IOException.class, in::readAllBytes);
    }
    assertThrows(IOException.class, () -> registry.manifest("a", DIGEST.toString()));
  }

  @Test
  void absentManifestIsEmptyAndAbsentBlobAnErrorWithTheRegistrysWords() throws IOException {
    assertEquals(Optional.empty(), registry.manifest("a", "none"));
    assertEquals(Optional.empty(), registry.headManifest("a", "none"));
    assertFalse(registry.hasBlob("a", DIGEST));
    RegistryException e = assertThrows(RegistryException.class, () -> registry.blob("a", DIGEST));
    assertTrue(e.isNotFound());
    assertEquals("BLOB_UNKNOWN", e.code());
  }

  @Test
  void manifestKeepsItsBytesTypeAndDigest() throws IOException {
    content.put("/v2/a/manifests/1", MANIFEST);
    Registry.Manifest manifest = registry.manifest("a", "1").orElseThrow();
    assertEquals("application/vnd.oci.image.manifest.v1+json", manifest.mediaType());
    assertEquals(Digest.sha256(MANIFEST), manifest.digest());
  }

  @Test
  void uploadedBlobIsThere() throws IOException {
    registry.uploadBlob("a", DIGEST, BYTES.length, () -> new ByteArrayInputStream(BYTES));
    assertArrayEquals(BYTES, content.get("/v2/a/blobs/" + DIGEST));
    registry.putManifest("a", "1", "application/vnd.oci.image.manifest.v1+json", MANIFEST);
    assertArrayEquals(MANIFEST, content.get("/v2/a/manifests/1"));
  }

  @Test
  void emptyBlobCanBeUploaded() throws IOException {
    Digest empty = Digest.sha256(new byte[0]);
    registry.uploadBlob("a", empty, 0, () -> new ByteArrayInputStream(new byte[0]));
    assertArrayEquals(new byte[0], content.get("/v2/a/blobs/" + empty));
  }

  @Test
  void tagsFollowThePages() throws IOException {
    assertEquals(List.of("1", "2"), registry.tags("a"));
  }

  @Test
  void unreachableRegistryIsNamed() {
    registryServer.stop(0);
    IOException e = assertThrows(IOException.class, () -> registry.headManifest("a/b", "1"));
    assertTrue(String.valueOf(e.getMessage()).startsWith("cannot reach 127.0.0.1:"));
  }
}
