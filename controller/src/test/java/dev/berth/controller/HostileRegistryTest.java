package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a registry client can send to do harm: each answered with a clear refusal, and nothing of
/// it outside of the registry's own directory.
class HostileRegistryTest {
  private static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";

  @TempDir static Path directory;
  private static Controller controller;
  private static ApiClient admin;

  private record Answer(int status, String body) {
    String code() {
      return Json.text(Json.parse(body).path("errors").path(0), "code");
    }
  }

  @BeforeAll
  static void start() throws Exception {
    controller = Controller.start(ControllerConfig.defaults(directory.resolve("data")).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
  }

  @AfterAll
  static void stop() {
    admin.close();
    controller.close();
  }

  private static Answer send(String method, String path, String type, BodyPublisher body)
      throws IOException {
    HttpResponse<InputStream> answer = admin.raw(method, path, Map.of("Content-Type", type), body);
    return new Answer(
        answer.statusCode(), new String(answer.body().readAllBytes(), StandardCharsets.UTF_8));
  }

  private static Answer send(String method, String path, String body) throws IOException {
    return send(method, path, "application/octet-stream", BodyPublishers.ofString(body));
  }

  private static Answer manifest(String reference, String type, String json) throws IOException {
    return send(
        "PUT", "/v2/default/bad/manifests/" + reference, type, BodyPublishers.ofString(json));
  }

  private static String digestOf(String text) {
    return Digest.sha256(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  @Test
  void aManifestOfFiftyMegabytesIsTooLarge() throws Exception {
    Answer answer =
        send(
            "PUT",
            "/v2/default/bad/manifests/v1",
            MANIFEST,
            BodyPublishers.ofByteArray(new byte[50 << 20]));
    assertEquals(413, answer.status());
    assertEquals("SIZE_INVALID", answer.code());
  }

  @Test
  void whatIsNoManifestIsRefused() throws Exception {
    for (String json :
        List.of(
            "",
            "{",
            "[]",
            "7",
            "{\"schemaVersion\":1}",
            "[".repeat(100_000),
            "{\"schemaVersion\":2,\"config\":{\"digest\":\"sha256:x\"},\"layers\":[]}",
            "{\"schemaVersion\":2,\"config\":{\"digest\":\"../../etc/passwd\"},\"layers\":[]}")) {
      Answer answer = manifest("v1", MANIFEST, json);
      assertEquals(400, answer.status(), answer.body());
      assertTrue(!answer.code().isEmpty(), answer.body());
    }
  }

  /// Whoever opens its address would be shown a page of this server.
  @Test
  void aManifestThatWouldBeAPageIsRefused() throws Exception {
    String json = "{\"schemaVersion\":2,\"layers\":[],\"a\":\"<script>alert(1)</script>\"}";
    for (String type : List.of("text/html", "image/svg+xml", "application/xhtml+xml")) {
      Answer answer = manifest("page", type, json);
      assertEquals(400, answer.status(), answer.body());
      assertEquals("MANIFEST_INVALID", answer.code());
    }
    assertEquals(404, send("GET", "/v2/default/bad/manifests/page", "").status());
  }

  @Test
  void aManifestUnderAnotherDigestOrWithMissingLayersIsRefused() throws Exception {
    String empty = "{\"schemaVersion\":2,\"layers\":[]}";
    assertEquals("DIGEST_INVALID", manifest(digestOf("other"), MANIFEST, empty).code());
    String missing =
        "{\"schemaVersion\":2,\"layers\":[{\"digest\":\"" + digestOf("no") + "\",\"size\":1}]}";
    assertEquals("MANIFEST_BLOB_UNKNOWN", manifest("v1", MANIFEST, missing).code());
  }

  /// An index names others by digest, so it can only name itself by a digest it does not have.
  @Test
  void anIndexThatNamesAnotherIsKeptAndNeverFollowed() throws Exception {
    String self = "{\"schemaVersion\":2,\"manifests\":[{\"digest\":\"" + digestOf("me") + "\"}]}";
    assertEquals(201, manifest("loop", INDEX, self).status());
    assertEquals(self, send("GET", "/v2/default/bad/manifests/loop", "").body());
  }

  @Test
  void uploadsThatLieAreGoneAfterwards() throws Exception {
    String uploads = "/v2/default/bad/blobs/uploads/";
    List<Path> before = uploads();
    Answer wrong = send("POST", uploads + "?digest=" + digestOf("a"), "b");
    assertEquals("DIGEST_INVALID", wrong.code());
    assertEquals("DIGEST_INVALID", send("POST", uploads + "?digest=sha256:zz", "b").code());
    assertEquals(404, send("PATCH", uploads + "..%2F..%2Fpki%2Fca.key", "x").status());
    assertEquals(404, send("PATCH", uploads + "unknown", "x").status());
    assertEquals(404, send("GET", "/v2/default/bad/blobs/" + digestOf("a"), "").status());
    assertEquals(before, uploads());
  }

  private static List<Path> uploads() throws IOException {
    try (Stream<Path> left = Files.list(directory.resolve("data/registry/uploads"))) {
      return left.sorted().toList();
    }
  }

  @Test
  void namesThatLeadElsewhereAreNoNames() throws Exception {
    for (String name :
        List.of(
            "..",
            "../../pki",
            "%2e%2e/%2e%2e/pki",
            "a/../b",
            "A",
            "_tags",
            "a//b",
            "-a",
            "a".repeat(300),
            "a%00b")) {
      for (String rest : List.of("/manifests/latest", "/tags/list", "/blobs/" + digestOf("x"))) {
        Answer answer = send("GET", "/v2/" + name + rest, "");
        assertTrue(answer.status() == 404 || answer.status() == 400, name + rest + " " + answer);
      }
    }
    for (String tag : List.of("..", "%2e%2e", "a%2fb", ".hidden", "a".repeat(200))) {
      Answer answer = manifest(tag, MANIFEST, "{\"schemaVersion\":2,\"layers\":[]}");
      assertTrue(answer.status() == 400 || answer.status() == 404, tag + " " + answer);
    }
  }

  @Test
  void mountDeleteAndCatalogOfNothingAreClear() throws Exception {
    String uploads = "/v2/default/bad/blobs/uploads/";
    Answer mount = send("POST", uploads + "?mount=" + digestOf("a") + "&from=../../pki", "");
    assertEquals(202, mount.status(), "as for a blob that is not there: the upload begins");
    assertEquals(404, send("DELETE", "/v2/default/bad/manifests/none", "").status());
    assertEquals(404, send("DELETE", "/v2/default/bad/blobs/" + digestOf("a"), "").status());
    assertEquals(400, send("GET", "/v2/_catalog?n=many", "").status());
    assertEquals(200, send("GET", "/v2/_catalog?n=1&last=%00", "").status());
  }
}
