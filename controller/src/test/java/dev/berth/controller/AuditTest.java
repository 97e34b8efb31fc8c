package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The audit log of a running controller.
class AuditTest {
  private static final String SECRETS = "/api/v1/namespaces/default/secrets";
  @TempDir static Path dataDir;
  private static Controller controller;
  private static ApiClient admin;

  @BeforeAll
  static void start() throws Exception {
    controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
  }

  @AfterAll
  static void stop() {
    admin.close();
    controller.close();
  }

  /// Sends it and waits for its event.
  private static JsonNode event(
      String method, String path, Map<String, String> headers, String body) {
    HttpResponse<InputStream> answer =
        admin.raw(method, path, headers, BodyPublishers.ofString(body));
    String id = answer.headers().firstValue("Audit-Id").orElseThrow();
    try {
      answer.body().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertTrue(Waiting.until(() -> find(id).isPresent()), "no event of " + id);
    return find(id).orElseThrow();
  }

  private static Optional<JsonNode> find(String id) {
    return lines().stream()
        .filter(line -> line.contains(id) && line.endsWith("}"))
        .map(line -> (JsonNode) Json.parseObject(line))
        .findFirst();
  }

  private static List<String> lines() {
    try {
      Path file = dataDir.resolve("audit/audit.log");
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aReadOfSecretsNamesWhoAskedAndForWhom() {
    JsonNode event =
        event("GET", SECRETS, Map.of("Impersonate-User", "jane", "Impersonate-Group", "g"), "");
    assertEquals("Event audit.k8s.io/v1", kindOf(event));
    assertEquals("Metadata", Json.text(event, "level"));
    assertEquals("list", Json.text(event, "verb"));
    assertEquals("admin", Json.text(event, "user", "username"));
    assertEquals("jane", Json.text(event, "impersonatedUser", "username"));
    assertEquals("403", Json.text(event, "responseStatus", "code"));
    assertEquals("Forbidden", Json.text(event, "responseStatus", "reason"));
    assertEquals("127.0.0.1", event.path("sourceIPs").path(0).asString(""));
    assertEquals(
        Json.parse("{\"resource\":\"secrets\",\"namespace\":\"default\",\"apiVersion\":\"v1\"}"),
        event.path("objectRef"));
  }

  private static String kindOf(JsonNode event) {
    return Json.text(event, "kind") + " " + Json.text(event, "apiVersion");
  }

  @Test
  void whatASecretHoldsIsNeverInIt() {
    String secret =
        "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"p\":\"hush\"},\"type\":7,\"data\":\"hush\"}";
    JsonNode refused = event("POST", SECRETS, Map.of("Content-Type", "application/json"), secret);
    assertEquals("create", Json.text(refused, "verb"));
    assertTrue(refused.path("responseStatus").path("code").asInt(0) >= 400);
    String good = "{\"metadata\":{\"name\":\"s\"},\"stringData\":{\"p\":\"hush\"}}";
    JsonNode made = event("POST", SECRETS, Map.of("Content-Type", "application/json"), good);
    assertEquals("201", Json.text(made, "responseStatus", "code"));
    JsonNode gone = event("DELETE", SECRETS + "/s", Map.of(), "");
    assertEquals("s", Json.text(gone, "objectRef", "name"));
    assertFalse(lines().toString().contains("hush"));
  }

  @Test
  void pathsAndSubresourcesAreNamedAndHealthIsLeftOut() {
    admin.raw("GET", "/readyz");
    JsonNode path = event("GET", "/version?a=b", Map.of(), "");
    assertEquals("get", Json.text(path, "verb"));
    assertEquals("/version?a=b", Json.text(path, "requestURI"));
    JsonNode scale =
        event("GET", "/apis/apps/v1/namespaces/default/deployments/d/scale", Map.of(), "");
    assertEquals("scale", Json.text(scale, "objectRef", "subresource"));
    assertEquals("apps", Json.text(scale, "objectRef", "apiGroup"));
    assertEquals("404", Json.text(scale, "responseStatus", "code"));
    assertFalse(lines().toString().contains("/readyz"));
  }
}
