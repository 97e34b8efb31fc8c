package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.client.ApiClient;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The whole controller over real TLS on a free port.
class ControllerTest {
  @TempDir static Path dataDir;
  private static Controller controller;
  private static ApiClient admin;
  private static HttpClient http;

  @BeforeAll
  static void start() throws Exception {
    controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
    http = client(admin.sslContext());
  }

  @AfterAll
  static void stop() {
    http.close();
    admin.close();
    controller.close();
  }

  private static HttpClient client(SSLContext tls) {
    return HttpClient.newBuilder().sslContext(tls).build();
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + controller.port() + path));
  }

  private static HttpResponse<String> get(String path, String... headers) throws Exception {
    HttpRequest.Builder request = request(path).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> send(String method, String path, String type, String body)
      throws Exception {
    return http.send(
        request(path)
            .method(method, BodyPublishers.ofString(body))
            .header("Content-Type", type)
            .build(),
        BodyHandlers.ofString());
  }

  private static ObjectNode configMap(String name, String value) {
    ObjectNode map = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
    Json.meta(map).put("name", name).put("namespace", "default");
    map.putObject("data").put("value", value);
    return map;
  }

  @Test
  void secretsAreReadableByTheirOwnerOnly() throws Exception {
    try (Stream<Path> files = Files.walk(dataDir.resolve("pki"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertEquals(
            "rw-------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
            file.toString());
      }
    }
  }

  @Test
  void healthAndVersionNeedNoCredentialsAndNothingElseIsGiven() throws Exception {
    String token = Files.readString(dataDir.resolve("pki/admin.token")).strip();
    try (HttpClient nobody = client(Anonymous.trustingAnything())) {
      assertEquals(
          200, nobody.send(request("/livez").build(), BodyHandlers.ofString()).statusCode());
      assertEquals(
          401, nobody.send(request("/api/v1/pods").build(), BodyHandlers.ofString()).statusCode());
      assertEquals(401, nobody.send(request("/v2/").build(), BodyHandlers.ofString()).statusCode());
      HttpRequest bearer = request("/v2/").header("Authorization", "Bearer " + token).build();
      assertEquals(200, nobody.send(bearer, BodyHandlers.ofString()).statusCode());
      HttpRequest wrong = request("/api/v1/pods").header("Authorization", "Bearer wrong").build();
      assertEquals(401, nobody.send(wrong, BodyHandlers.ofString()).statusCode());
    }
  }

  /// No client library would send these.
  private static String status(String target) throws Exception {
    try (Socket socket =
        Anonymous.trustingAnything()
            .getSocketFactory()
            .createSocket("127.0.0.1", controller.port())) {
      String request = "GET " + target + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      return answer.split(" ", 3)[1];
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/api/v1/%zz",
        "/api/v1/namespaces/%/pods",
        "/apis/berth.dev/v1alpha1/%e",
        "/api/v1/pods?limit=%zz",
        "/api/v1/pods?watch=%",
        "/api/v1/namespaces/default/pods/a?%=1"
      })
  void whatIsNotWellEncodedIsABadRequestAndNoBug(String target) throws Exception {
    assertEquals("400", status(target));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v2/%zz/tags/list", "/v2/a/tags/list?n=%", "/%zz", "/openapi/v3/%"})
  void norIsItOneElsewhere(String target) throws Exception {
    String found = status(target);
    assertTrue(found.startsWith("4"), found);
  }

  @Test
  void patchesDoNotGrowAnObjectWithoutBound() throws Exception {
    String path = "/apis/apps/v1/namespaces/default/deployments";
    String containers = "\"containers\":[{\"name\":\"c\",\"image\":\"i:1\",\"args\":[\"%s\"]}]";
    String spec =
        "{\"replicas\":0,\"selector\":{\"matchLabels\":{\"a\":\"b\"}},\"template\":{\"metadata\":"
            + "{\"labels\":{\"a\":\"b\"}},\"spec\":{%s}}}";
    String small = spec.formatted(containers.formatted("x"));
    String large = spec.formatted(containers.formatted("x".repeat(2 << 20)));
    String named = "{\"metadata\":{\"name\":\"grows\"},\"spec\":" + small + "}";
    assertEquals(201, send("POST", path, "application/json", named).statusCode());
    HttpResponse<String> answer =
        send("PATCH", path + "/grows", "application/merge-patch+json", "{\"spec\":" + large + "}");
    assertEquals(413, answer.statusCode(), answer.body());
    assertEquals(200, send("DELETE", path + "/grows", "application/json", "").statusCode());
  }

  /// The name may belong to a pod of another node later.
  @Test
  void anAgentWatchesNoSinglePodThatIsNotThereYet() throws Exception {
    try (ApiClient agent = ApiClient.fromKubeconfig(controller.agentKubeconfig())) {
      String path = "/api/v1/namespaces/default/pods/later";
      assertEquals(404, agent.raw("GET", path).statusCode());
      assertEquals(403, agent.raw("GET", path + "?watch=true&timeoutSeconds=1").statusCode());
    }
    try (ApiClient owner = ApiClient.fromKubeconfig(controller.adminKubeconfig())) {
      String path = "/api/v1/namespaces/default/pods/later?watch=true&timeoutSeconds=1";
      assertEquals(200, owner.raw("GET", path).statusCode());
    }
  }

  /// What a watch was allowed for and what it serves must not differ.
  @Test
  void anAgentWatchesNoPodOfAnotherNodeByItsName() throws Exception {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    Json.meta(pod).put("name", "victim").put("namespace", "default");
    ObjectNode spec = Json.ensure(pod, "spec").put("nodeName", "another");
    spec.putArray("containers").addObject().put("name", "a").put("image", "a:1");
    admin.create(Kinds.POD, pod);
    try (ApiClient agent = ApiClient.fromKubeconfig(controller.agentKubeconfig())) {
      String path =
          "/api/v1/namespaces/default/pods/victim?watch=true&timeoutSeconds=1&fieldSelector="
              + "spec.nodeName%3D"
              + controller.nodeName();
      var answer = agent.raw("GET", path);
      String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
      assertFalse(body.contains("victim"), answer.statusCode() + " " + body);
    }
  }

  /// A ModelApp that wants a Secret which is not there: its loop has seen it, and no pod exists.
  @Test
  void everyStagesViewOfAnObjectCanBeRead() throws Exception {
    ObjectNode app =
        Json.parseObject("{\"apiVersion\":\"berth.dev/v1alpha1\",\"kind\":\"ModelApp\"}");
    Json.meta(app).put("name", "seen").put("namespace", "default");
    Json.ensure(app, "spec", "model").put("image", "m:1");
    ObjectNode created = admin.create(Kinds.MODEL_APP, app);
    HttpResponse<String> answer =
        get("/apis/berth.dev/v1alpha1/namespaces/default/modelapps/seen/debug");
    assertEquals(200, answer.statusCode(), answer.body());
    JsonNode debug = Json.parse(answer.body());
    assertTrue(
        debug.path("store").path("objectRevision").asLong(0)
            >= Long.parseLong(Json.resourceVersion(created)));
    assertTrue(debug.path("caches").size() > 10);
    assertEquals("modelapp", Json.text(debug.path("queues").path(0), "reconciler"));
    assertEquals("default/seen", Json.text(debug.path("queues").path(0), "key"));
    assertTrue(debug.path("scheduler").has("nodes"));
    assertEquals(404, get("/api/v1/namespaces/default/pods/nobody/debug").statusCode());
    assertEquals(404, get("/api/v1/namespaces/default/configmaps/x/debug").statusCode());
  }

  @Test
  void aStaleWriteIsAConflict() {
    ObjectNode created = admin.create(Kinds.CONFIG_MAP, configMap("stale", "1"));
    ObjectNode newer = Json.deepCopy(created);
    Json.ensure(newer, "data").put("value", "2");
    admin.replace(Kinds.CONFIG_MAP, newer);
    ApiException refused =
        assertThrows(ApiException.class, () -> admin.replace(Kinds.CONFIG_MAP, created));
    assertTrue(refused.isConflict());
  }

  @Test
  void anAgentMayNotReadSecretsThatItsPodsDoNotName() throws Exception {
    try (ApiClient agent = ApiClient.fromKubeconfig(controller.agentKubeconfig())) {
      ApiException refused =
          assertThrows(
              ApiException.class, () -> agent.get(Kinds.SECRET, new ObjectKey("default", "other")));
      assertTrue(refused.error() instanceof ApiError.Forbidden, refused.getMessage());
    }
  }

  @Test
  void badBodiesAreRefusedWithAStatus() throws Exception {
    String maps = "/api/v1/namespaces/default/configmaps";
    for (String body :
        new String[] {
          "",
          "{",
          "[]",
          "null",
          "{\"a\":1,\"a\":2}",
          "[".repeat(2_000),
          "{\"kind\":\"Pod\"}",
          "\u0000"
        }) {
      HttpResponse<String> answer = send("POST", maps, "application/json", body);
      assertTrue(
          answer.statusCode() >= 400 && answer.statusCode() < 500, body.length() + ": " + answer);
      assertEquals("Status", Json.text(Json.parse(answer.body()), "kind"));
    }
    assertEquals(
        400, send("POST", maps, "application/vnd.kubernetes.protobuf", "k8s\u0000").statusCode());
    assertEquals(415, send("POST", maps, "text/html", "{}").statusCode());
    assertEquals(413, send("POST", maps, "application/json", " ".repeat(4 << 20)).statusCode());
    assertEquals(404, get("/apis/nothing.example/v1/things").statusCode());
    assertEquals(405, send("PUT", maps, "application/json", "{}").statusCode());
    assertEquals(400, get(maps + "?limit=-1").statusCode());
    assertEquals(400, get(maps + "?labelSelector=%3D%3D%3D").statusCode());
    assertEquals(400, get(maps + "?continue=nonsense").statusCode());
    assertEquals(504, get(maps + "?resourceVersion=99999999999").statusCode());
  }

  @Test
  void listsArePagedWithOneRevision() throws Exception {
    for (int i = 0; i < 5; i++) {
      ObjectNode map = configMap("page-" + i, "x");
      Json.ensure(Json.meta(map), "labels").put("page", "yes");
      admin.create(Kinds.CONFIG_MAP, map);
    }
    String list = "/api/v1/namespaces/default/configmaps?labelSelector=page%3Dyes&limit=2";
    JsonNode first = Json.parse(get(list).body());
    admin.create(Kinds.CONFIG_MAP, configMap("page-between", "x"));
    JsonNode second =
        Json.parse(get(list + "&continue=" + Json.text(first, "metadata", "continue")).body());
    assertEquals(2, first.path("items").size());
    assertEquals("page-2", Json.name(second.path("items").path(0)));
    assertEquals(
        Json.text(first, "metadata", "resourceVersion"),
        Json.text(second, "metadata", "resourceVersion"));
  }

  @Test
  void aWatchListEndsItsBeginningWithABookmark() throws Exception {
    admin.create(Kinds.CONFIG_MAP, configMap("watched", "x"));
    HttpResponse<Stream<String>> watch =
        http.send(
            request(
                    "/api/v1/namespaces/default/configmaps?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan&timeoutSeconds=5&fieldSelector=metadata.name%3Dwatched")
                .build(),
            BodyHandlers.ofLines());
    try (Stream<String> lines = watch.body()) {
      var events = lines.limit(2).map(Json::parse).toList();
      assertEquals("ADDED", Json.text(events.get(0), "type"));
      assertEquals("BOOKMARK", Json.text(events.get(1), "type"));
      assertEquals(
          "true",
          Json.annotation(events.get(1).path("object"), "k8s.io/initial-events-end").orElse(""));
    }
  }

  @Test
  void tablesComeWhereTheyAreAskedFor() throws Exception {
    HttpResponse<String> answer =
        get(
            "/api/v1/namespaces",
            "Accept",
            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
    JsonNode table = Json.parse(answer.body());
    assertEquals("Table", Json.text(table, "kind"));
    assertTrue(table.path("rows").size() >= 4);
    assertEquals(406, get("/api/v1/namespaces", "Accept", "text/html").statusCode());
  }

  @Test
  void anUnboundPodGoesAtOnceABoundOneWaitsForItsAgent() {
    ObjectNode pod =
        Json.parseObject(
            "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"lonely\",\"namespace\":\"default\"},\"spec\":{\"nodeSelector\":{\"no\":\"where\"},\"containers\":[{\"name\":\"c\",\"image\":\"x\"}]}}");
    admin.create(Kinds.POD, pod);
    delete("/api/v1/namespaces/default/pods/lonely");
    assertTrue(admin.find(Kinds.POD, new ObjectKey("default", "lonely")).isEmpty());
    ObjectNode bound = Json.deepCopy(pod);
    Json.meta(bound).put("name", "bound");
    Json.ensure(bound, "spec").put("nodeName", "elsewhere");
    admin.create(Kinds.POD, bound);
    delete("/api/v1/namespaces/default/pods/bound");
    ObjectNode going = admin.get(Kinds.POD, new ObjectKey("default", "bound"));
    assertTrue(Json.isDeleting(going));
    assertEquals(30, Json.at(going, "metadata", "deletionGracePeriodSeconds").asInt());
  }

  private static void delete(String path) {
    try {
      assertEquals(200, send("DELETE", path, "application/json", "{}").statusCode());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theRegistryKeepsWhatIsPushedAndRefusesWhatIsNotItself() throws Exception {
    String blob = "hello";
    String digest = dev.berth.api.Digest.sha256(blob.getBytes(StandardCharsets.UTF_8)).toString();
    String uploads = "/v2/default/img/blobs/uploads/";
    assertEquals(
        201,
        send("POST", uploads + "?digest=" + digest, "application/octet-stream", blob).statusCode());
    assertEquals(
        400,
        send("POST", uploads + "?digest=" + digest, "application/octet-stream", "other")
            .statusCode());
    assertEquals("hello", get("/v2/default/img/blobs/" + digest).body());
    assertEquals("ell", get("/v2/default/img/blobs/" + digest, "Range", "bytes=1-3").body());
    assertEquals(416, get("/v2/default/img/blobs/" + digest, "Range", "bytes=9-").statusCode());
    String manifest =
        "{\"schemaVersion\":2,\"artifactType\":\"a/b\",\"subject\":{\"digest\":\""
            + digest
            + "\"},\"config\":{\"digest\":\""
            + digest
            + "\"},\"layers\":[]}";
    String type = "application/vnd.oci.image.manifest.v1+json";
    assertEquals(201, send("PUT", "/v2/default/img/manifests/v1", type, manifest).statusCode());
    assertEquals(manifest, get("/v2/default/img/manifests/v1").body());
    assertEquals(
        1, Json.parse(get("/v2/default/img/referrers/" + digest).body()).path("manifests").size());
    assertEquals(
        0,
        Json.parse(get("/v2/default/img/referrers/" + digest + "?artifactType=x/y").body())
            .path("manifests")
            .size());
    assertEquals(404, send("PUT", "/v2/default/other/manifests/v1", type, manifest).statusCode());
    assertEquals(404, get("/v2/default/img/manifests/v2").statusCode());
  }

  @Test
  void fieldsThatComeTwiceAreNamedAsKubernetesDoes() throws Exception {
    String body =
        "{\"metadata\":{\"name\":\"twice\"},\"datta\":{},\"data\":{\"a\":\"1\"},\"data\":{\"a\":\"2\"}}";
    String path = "/api/v1/namespaces/default/configmaps?fieldValidation=";
    Map<String, String> json = Map.of("Content-Type", "application/json");
    var strict = admin.raw("POST", path + "Strict", json, BodyPublishers.ofString(body));
    String said = new String(strict.body().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(400, strict.statusCode());
    assertTrue(
        said.contains(
            "strict decoding error: unknown field \\\"datta\\\", duplicate field \\\"data\\\""),
        said);
    var warned = admin.raw("POST", path + "Warn", json, BodyPublishers.ofString(body));
    assertEquals(201, warned.statusCode());
    String warning = warned.headers().firstValue("Warning").orElse("");
    assertTrue(warning.contains("duplicate field \\\"data\\\""), warning);
    assertEquals("2", Json.text(Json.parse(warned.body().readAllBytes()), "data", "a"));
  }
}
