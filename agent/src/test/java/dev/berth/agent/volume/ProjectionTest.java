package dev.berth.agent.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import dev.berth.api.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// From volumes to files.
class ProjectionTest {
  private static final ObjectNode POD =
      tree(
          """
          {"metadata": {"name": "web", "namespace": "shop", "uid": "u1",
                        "labels": {"b": "2", "a": "say \\"x\\"\\n"}, "annotations": {"k": "v"}},
           "spec": {"nodeName": "n1", "containers": [
             {"name": "main", "resources": {"limits": {"cpu": "1250m", "memory": "64Mi"},
                                             "requests": {"cpu": "250m"}}},
             {"name": "free"}]}}""");
  private static final Map<String, ObjectNode> OBJECTS =
      Map.of(
          "ConfigMap/settings",
          tree("{\"data\": {\"a\": \"one\", \"b\": \"two\"}, \"binaryData\": {\"c\": \"AP8=\"}}"),
          "Secret/login",
          tree("{\"data\": {\"password\": \"c2VjcmV0\"}}"));

  private static ObjectNode tree(String json) {
    return Json.parse(json.getBytes(StandardCharsets.UTF_8)).asObject();
  }

  private static final DownwardApi SELF =
      new DownwardApi(
          POD,
          "10.0.0.7",
          "192.0.2.1",
          r -> r.equals("cpu") ? Quantity.of(8) : Quantity.ofBytes(4L << 30));

  private static Content content(String volume) {
    return new Projection(
            SELF,
            (kind, name) -> Optional.ofNullable(OBJECTS.get(kind + "/" + name)),
            wish -> "token for " + Json.text(wish, "audience"))
        .of(tree(volume));
  }

  private static Content.Entry file(Content content, String path) {
    return java.util.Objects.requireNonNull(content.files().get(path), path);
  }

  /// `path mode text`, in order.
  private static Map<String, String> files(String volume) {
    Map<String, String> all = new TreeMap<>();
    content(volume)
        .files()
        .forEach(
            (path, e) ->
                all.put(
                    path,
                    Integer.toOctalString(e.mode())
                        + " "
                        + new String(e.bytes(), StandardCharsets.UTF_8)));
    return all;
  }

  @Test
  void aConfigMapGivesItsKeysAndItsBytes() {
    Content all = content("{\"name\": \"v\", \"configMap\": {\"name\": \"settings\"}}");
    assertEquals(java.util.Set.of("a", "b", "c"), all.names());
    assertEquals((byte) 0xff, file(all, "c").bytes()[1]);
    assertEquals(0644, file(all, "a").mode());
  }

  @Test
  void itemsChooseKeysPathsAndModes() {
    assertEquals(
        Map.of("etc/x", "400 one", "y", "440 two"),
        files(
            """
            {"name": "v", "configMap": {"name": "settings", "defaultMode": 288, "items": [
              {"key": "a", "path": "etc/x", "mode": 256}, {"key": "b", "path": "y"}]}}"""));
  }

  @Test
  void aProjectionPutsAllKindsTogetherAndTheLastOneWins() {
    assertEquals(
        Map.of(
            "a", "644 one",
            "b", "644 secret",
            "c", "644 " + new String(new byte[] {0, -1}, StandardCharsets.UTF_8),
            "token", "644 token for vault",
            "cpu", "644 2",
            "labels", "644 a=\"say \\\"x\\\"\\n\"\nb=\"2\""),
        files(
            """
            {"name": "v", "projected": {"sources": [
              {"configMap": {"name": "settings"}},
              {"secret": {"name": "login", "items": [{"key": "password", "path": "b"}]}},
              {"serviceAccountToken": {"path": "token", "audience": "vault"}},
              {"downwardAPI": {"items": [
                {"path": "labels", "fieldRef": {"fieldPath": "metadata.labels"}},
                {"path": "cpu", "resourceFieldRef": {"containerName": "main",
                  "resource": "limits.cpu"}}]}}]}}"""));
  }

  @Test
  void whatIsMissingIsNamedUnlessItIsOptional() {
    MissingReferenceException missing =
        assertThrows(
            MissingReferenceException.class,
            () -> content("{\"name\": \"v\", \"secret\": {\"secretName\": \"tls\"}}"));
    assertEquals(Reason.SECRET_NOT_FOUND, missing.reason());
    assertEquals("Secret tls is not in namespace shop", missing.getMessage());
    MissingReferenceException key =
        assertThrows(
            MissingReferenceException.class,
            () ->
                content(
                    """
                    {"name": "v", "configMap": {"name": "settings",
                      "items": [{"key": "z", "path": "z"}]}}"""));
    assertEquals("ConfigMap settings has no key z; it has a, b, c", key.getMessage());
    assertEquals(
        Map.of(),
        files("{\"name\": \"v\", \"secret\": {\"secretName\": \"tls\", \"optional\": true}}"));
  }

  @Test
  void aPathThatLeadsOutIsNeverWritten() {
    for (String path : new String[] {"../x", "/x", "a/../../x", "..data", "a//b", ""}) {
      assertThrows(
          MissingReferenceException.class,
          () ->
              content(
                  """
                  {"name": "v", "configMap": {"name": "settings",
                    "items": [{"key": "a", "path": "%s"}]}}"""
                      .formatted(path)),
          path);
    }
  }

  @Test
  void aGroupMayReadWhatItIsGiven() {
    Content all =
        content(
                """
                {"name": "v", "secret": {"secretName": "login", "defaultMode": 256}}""")
            .forGroup();
    assertEquals(0440, file(all, "password").mode());
  }

  @Test
  void resourcesAreInUnitsOfTheDivisorAndLimitsHaveADefault() {
    assertEquals("2", resource("main", "limits.cpu", ""));
    assertEquals("1250", resource("main", "limits.cpu", "1m"));
    assertEquals("64", resource("main", "limits.memory", "1Mi"));
    assertEquals("67108864", resource("main", "requests.memory", ""));
    assertEquals("8", resource("free", "limits.cpu", ""));
    assertEquals("0", resource("free", "requests.cpu", ""));
  }

  private static String resource(String container, String resource, String divisor) {
    ObjectNode reference = Json.object().put("containerName", container).put("resource", resource);
    if (!divisor.isEmpty()) {
      reference.put("divisor", divisor);
    }
    return SELF.resource(reference, Json.object());
  }

  @Test
  void fieldsOfThePod() {
    assertEquals("web", SELF.field("metadata.name"));
    assertEquals("2", SELF.field("metadata.labels['b']"));
    assertEquals("k=\"v\"", SELF.field("metadata.annotations"));
    assertEquals("default", SELF.field("spec.serviceAccountName"));
    assertEquals("10.0.0.7", SELF.field("status.podIP"));
    assertEquals("n1", SELF.field("spec.nodeName"));
    assertTrue(SELF.field("spec.nothing").isEmpty());
  }
}
