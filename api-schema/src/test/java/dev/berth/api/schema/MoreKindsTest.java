package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import dev.berth.api.codec.Manifests;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One object of each kind that is kept for others (`more-kinds.yaml`), with the row that kubectl
/// prints of it, what it may not become (`wrong`: a patch and the error), and what never changes
/// (`fixed`: a patch and the error).
class MoreKindsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T01:30:00Z");

  private static List<ObjectNode> cases() throws Exception {
    try (InputStream in = MoreKindsTest.class.getResourceAsStream("more-kinds.yaml")) {
      byte[] text = Objects.requireNonNull(in).readAllBytes();
      return Manifests.parse("more-kinds.yaml", text).stream().map(m -> m.tree()).toList();
    }
  }

  private static ObjectNode object(ObjectNode test) {
    ObjectNode object = ((ObjectNode) test.path("object")).deepCopy();
    Json.meta(object).put("creationTimestamp", "2026-01-01T00:00:00Z");
    if (schema(object).type().namespaced()) {
      Json.meta(object).put("namespace", "shop");
    }
    schema(object).applyDefaults(object);
    return object;
  }

  private static KindSchema schema(ObjectNode object) {
    return Schemas.of(GroupVersionKind.of(object)).orElseThrow();
  }

  private static List<String> texts(List<FieldError> errors) {
    return errors.stream().map(FieldError::toString).toList();
  }

  private static ObjectNode patched(ObjectNode object, JsonNode patch) {
    return (ObjectNode) MergePatch.apply(object.deepCopy(), patch);
  }

  @TestFactory
  List<DynamicTest> everyKindIsDefaultedJudgedAndPrintedAsKubernetesDoes() throws Exception {
    List<DynamicTest> tests = new ArrayList<>();
    for (ObjectNode test : cases()) {
      ObjectNode object = object(test);
      String kind = Json.text(object, "kind");
      tests.add(
          DynamicTest.dynamicTest(
              kind + " is valid and printed", () -> assertValidAndPrinted(object, test)));
      for (JsonNode wrong : test.path("wrong")) {
        ObjectNode changed = patched(object, wrong.path("patch"));
        schema(changed).applyDefaults(changed);
        String error = Json.text(wrong, "error");
        tests.add(
            DynamicTest.dynamicTest(
                kind + ": " + error,
                () ->
                    assertTrue(
                        texts(schema(changed).validate(changed)).contains(error),
                        () -> texts(schema(changed).validate(changed)).toString())));
      }
      for (JsonNode fixed : test.path("fixed")) {
        ObjectNode changed = patched(object, fixed.path("patch"));
        String error = Json.text(fixed, "error");
        tests.add(
            DynamicTest.dynamicTest(
                kind + " never changes: " + error,
                () ->
                    assertEquals(
                        List.of(error), texts(schema(object).validateUpdate(object, changed)))));
      }
    }
    return tests;
  }

  private static void assertValidAndPrinted(ObjectNode object, ObjectNode test) {
    assertEquals(List.of(), texts(schema(object).validate(object)));
    assertEquals(List.of(), texts(schema(object).unknownFields(object)));
    ObjectNode again = object.deepCopy();
    schema(again).applyDefaults(again);
    assertEquals(object, again, "defaults are not stable");
    assertEquals(List.of(), texts(schema(object).validateUpdate(object, again)));
    JsonNode defaults = test.has("defaults") ? test.path("defaults") : Json.object();
    assertEquals(object, patched(object, defaults), "defaults");
    assertEquals(
        Json.text(test, "row"),
        schema(object).columns().stream()
            .map(column -> String.valueOf(column.cell(object, NOW)))
            .collect(Collectors.joining(" | ")));
  }

  /// A value of a wrong type anywhere is an error that is told, and never an exception: neither
  /// where defaults are filled in, nor where the object is judged, nor in its row.
  @Test
  void wrongTypesAnywhereAreToldAndNothingElse() throws Exception {
    List<JsonNode> junk =
        List.of(
            Json.parse("null"),
            Json.parse("-7"),
            Json.parse("1.5"),
            Json.parse("true"),
            Json.parse("\"x\""),
            Json.parse("[1,{}]"),
            Json.parse("{\"a\":[]}"));
    List<ObjectNode> objects = new ArrayList<>(List.of(wholePod()));
    cases().forEach(test -> objects.add(object(test)));
    for (ObjectNode whole : objects) {
      for (String pointer : pointers(whole, "")) {
        for (JsonNode value : junk) {
          ObjectNode object = whole.deepCopy();
          replace(object, pointer, value);
          KindSchema schema = schema(whole);
          schema.applyDefaults(object);
          schema.validate(object);
          schema.validateUpdate(whole, object);
          schema.unknownFields(object);
          schema.columns().forEach(column -> column.cell(object, NOW));
          Honoured.check(object);
        }
      }
    }
  }

  private static ObjectNode wholePod() {
    ObjectNode pod =
        Samples.yaml(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: web, namespace: shop}
            spec:
              activeDeadlineSeconds: 5
              hostAliases: [{ip: 10.0.0.1, hostnames: [a.example]}]
              securityContext: {runAsUser: 1, fsGroup: 2, supplementalGroups: [3], sysctls: [{name: net.ipv4.tcp_syncookies, value: "1"}]}
              initContainers: [{name: a, image: i, restartPolicy: Always, lifecycle: {preStop: {sleep: {seconds: 1}}}}]
              containers:
              - name: web
                image: i
                env: [{name: A, valueFrom: {resourceFieldRef: {resource: limits.cpu, divisor: 1m}}}, {name: B, valueFrom: {fieldRef: {fieldPath: status.podIP}}}]
                volumeMounts: [{name: v, mountPath: /v, subPath: a}, {name: w, mountPath: /w, subPathExpr: b}]
                livenessProbe: {httpGet: {port: 80}}
                securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL], add: [CHOWN]}}
              volumes:
              - {name: v, emptyDir: {medium: Memory, sizeLimit: 1Mi}}
              - {name: w, configMap: {name: c, items: [{key: k, path: p, mode: 256}]}}
              - {name: x, secret: {secretName: s, optional: true}}
              - {name: d, downwardAPI: {items: [{path: p, fieldRef: {fieldPath: metadata.name}}]}}
              - {name: z, projected: {sources: [{serviceAccountToken: {path: t}}, {secret: {name: s}}]}}
            status:
              phase: Pending
              initContainerStatuses: [{name: a, restartCount: 1, state: {waiting: {reason: Error}}, lastState: {terminated: {finishedAt: "2026-01-01T00:00:00Z"}}}]
              containerStatuses: [{name: web, ready: true, state: {running: {}}}]
            """);
    Schemas.of(Kinds.POD).applyDefaults(pod);
    assertEquals(List.of(), texts(Schemas.of(Kinds.POD).validate(pod)));
    return pod;
  }

  private static List<String> pointers(JsonNode node, String at) {
    List<String> found = new ArrayList<>();
    node.properties()
        .forEach(
            entry -> {
              String child = at + "/" + entry.getKey().replace("~", "~0").replace("/", "~1");
              if (!child.equals("/apiVersion") && !child.equals("/kind")) {
                found.add(child);
                found.addAll(pointers(entry.getValue(), child));
              }
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      found.add(at + "/" + i);
      found.addAll(pointers(node.path(i), at + "/" + i));
    }
    return found;
  }

  private static void replace(ObjectNode object, String pointer, JsonNode value) {
    int end = pointer.lastIndexOf('/');
    JsonNode parent = object.at(pointer.substring(0, end));
    String name = pointer.substring(end + 1).replace("~1", "/").replace("~0", "~");
    if (parent instanceof ObjectNode holder) {
      holder.set(name, value);
    } else if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(name), value);
    }
  }

  @Test
  void noKindIsForgotten() throws Exception {
    Set<String> shown =
        cases().stream().map(c -> Json.text(c, "object", "kind")).collect(Collectors.toSet());
    Set<String> elsewhere =
        Set.of(
            "Namespace",
            "Node",
            "Pod",
            "Service",
            "ConfigMap",
            "Secret",
            "Event",
            "EndpointSlice",
            "Lease",
            "Deployment",
            "ReplicaSet",
            "ServiceAccount",
            "Job",
            "PodDisruptionBudget",
            "Role",
            "RoleBinding",
            "ClusterRole",
            "ClusterRoleBinding",
            "CustomResourceDefinition",
            "ModelApp",
            "ImageBuild",
            "GitRepository");
    for (ResourceType type : Kinds.all()) {
      assertTrue(
          !type.stored() || shown.contains(type.kind()) || elsewhere.contains(type.kind()),
          type.kind());
    }
  }
}
