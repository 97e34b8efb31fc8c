package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.client.ApiClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `metrics.k8s.io` through the API server and a node's tunnel.
class UsageTest {
  private static final String API = "/apis/metrics.k8s.io/v1beta1";
  @TempDir static Path dataDir;
  private static Controller controller;
  private static ApiClient admin;
  private static ApiClient agent;
  private static FakeAgent tunnel;

  @BeforeAll
  static void start() throws Exception {
    controller = Controller.start(ControllerConfig.defaults(dataDir).withPort(0));
    admin = ApiClient.fromKubeconfig(controller.adminKubeconfig());
    agent = ApiClient.fromKubeconfig(controller.agentKubeconfig());
    agent.create(
        Kinds.NODE,
        Json.parseObject(
            "{\"apiVersion\":\"v1\",\"kind\":\"Node\",\"metadata\":{\"name\":\""
                + controller.nodeName()
                + "\"}}"));
    tunnel = new FakeAgent(agent, controller.nodeName());
    String measured = Json.uid(admin.create(Kinds.POD, pod("a")));
    admin.create(Kinds.POD, pod("unmeasured"));
    AtomicInteger asked = new AtomicInteger();
    tunnel.stats = () -> answer(asked.getAndIncrement(), measured);
    assertTrue(Waiting.until(() -> get("/nodes").path("items").size() == 1));
  }

  @AfterAll
  static void stop() {
    tunnel.close();
    agent.close();
    admin.close();
    controller.close();
  }

  private static ObjectNode pod(String name) {
    return Json.parseObject(
        "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"namespace\":\"default\",\"name\":\""
            + name
            + "\",\"labels\":{\"app\":\""
            + name
            + "\"}},\"spec\":{\"nodeName\":\""
            + controller.nodeName()
            + "\",\"containers\":[{\"name\":\"main\",\"image\":\"a:1\"}]}}");
  }

  /// As if it were asked every ten seconds.
  private static String answer(int time, String uid) {
    Instant at = Instant.parse("2026-01-01T12:00:00Z").plusSeconds(10L * time);
    long cpu = 2_500_000_000L * time;
    ObjectNode answer = Json.object().put("at", at.toString());
    answer.putObject("node").put("cpuNanos", 2 * cpu).put("memoryBytes", 1 << 20);
    ObjectNode pod = answer.putArray("pods").addObject().put("uid", uid);
    ObjectNode container = pod.putArray("containers").addObject().put("name", "main");
    container.put("cpuNanos", cpu).put("memoryBytes", 4 << 10);
    return answer.toString();
  }

  private static JsonNode get(String path) {
    return get(path, "application/vnd.kubernetes.protobuf,*/*");
  }

  private static JsonNode get(String path, String accept) {
    HttpResponse<InputStream> response =
        admin.raw("GET", API + path, Map.of("Accept", accept), BodyPublishers.noBody());
    try (InputStream body = response.body()) {
      return Json.parse(body.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aNodeUsesWhatItsTwoSamplesDifferBy() {
    JsonNode list = get("/nodes");
    assertEquals("NodeMetricsList", Json.text(list, "kind"));
    JsonNode node = list.path("items").path(0);
    assertEquals(controller.nodeName(), Json.text(node, "metadata", "name"));
    assertEquals("500m", Json.text(node, "usage", "cpu"));
    assertEquals("1Mi", Json.text(node, "usage", "memory"));
    assertEquals("10s", Json.text(node, "window"));
  }

  @Test
  void aPodNamesItsContainersAndOneWithoutFiguresIsAbsent() {
    for (String path :
        new String[] {"/pods", "/namespaces/default/pods", "/pods?labelSelector=app%3Da"}) {
      JsonNode items = get(path).path("items");
      assertEquals(1, items.size(), path);
      assertEquals("a", Json.text(items.path(0), "metadata", "labels", "app"));
      assertEquals(
          "[{\"name\":\"main\",\"usage\":{\"cpu\":\"250m\",\"memory\":\"4Ki\"}}]",
          items.path(0).path("containers").toString());
    }
    assertEquals(0, get("/namespaces/kube-system/pods").path("items").size());
    assertEquals(0, get("/pods?labelSelector=app%3Dunmeasured").path("items").size());
    assertEquals("PodMetrics", Json.text(get("/namespaces/default/pods/a"), "kind"));
    assertEquals(404, get("/namespaces/default/pods/unmeasured").path("code").asInt(0));
    assertEquals(404, get("/namespaces/default/pods/none").path("code").asInt(0));
  }

  @Test
  void kubectlGetHasATable() {
    JsonNode table = get("/pods", "application/json;as=Table;v=v1;g=meta.k8s.io");
    assertEquals(
        "[\"a\",\"250m\",\"4Ki\",\"10s\"]", table.path("rows").path(0).path("cells").toString());
  }

  @Test
  void nothingCanBeWrittenOrWatched() throws Exception {
    assertEquals(405, get("/nodes?watch=true").path("code").asInt(0));
    HttpResponse<InputStream> post =
        admin.raw("POST", API + "/nodes", Map.of(), BodyPublishers.ofString("{}"));
    post.body().close();
    assertEquals(405, post.statusCode());
  }

  @Test
  void discoveryAndOpenApiNameBothKinds() throws Exception {
    JsonNode resources = get("");
    assertEquals(2, resources.path("resources").size());
    assertEquals(
        "[\"get\",\"list\"]", resources.path("resources").path(0).path("verbs").toString());
    try (InputStream body = admin.raw("GET", "/openapi/v3" + API).body()) {
      JsonNode paths = Json.parse(body.readAllBytes()).path("paths");
      assertTrue(paths.has(API + "/namespaces/{namespace}/pods/{name}"), paths::toString);
    }
    try (InputStream body = admin.raw("GET", "/apis").body()) {
      assertTrue(Json.parse(body.readAllBytes()).toString().contains("metrics.k8s.io/v1beta1"));
    }
  }
}
