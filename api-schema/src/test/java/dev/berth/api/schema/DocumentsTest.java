package dev.berth.api.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class DocumentsTest {

  @Test
  void everyReferenceOfEveryDocumentResolves() {
    for (String groupVersion : Discovery.groupVersions()) {
      JsonNode document = OpenApi.document(groupVersion);
      Set<String> wanted = new TreeSet<>();
      references(document, wanted);
      wanted.removeAll(Json.at(document, "components", "schemas").propertyNames());
      assertEquals(Set.of(), wanted, groupVersion);
    }
  }

  private static void references(JsonNode node, Set<String> found) {
    String ref = Json.text(node, "$ref");
    if (!ref.isEmpty()) {
      found.add(ref.substring("#/components/schemas/".length()));
    }
    node.forEach(child -> references(child, found));
  }

  @Test
  void patchSaysThatTheServerValidates() {
    for (ResourceType type : Kinds.all().stream().filter(ResourceType::stored).toList()) {
      String path = type.collectionPath(type.namespaced() ? "{namespace}" : null) + "/{name}";
      JsonNode patch = Json.at(OpenApi.document(type.gvk().apiVersion()), "paths", path, "patch");
      Set<String> parameters =
          patch
              .path("parameters")
              .valueStream()
              .map(p -> Json.text(p, "name"))
              .collect(Collectors.toSet());
      assertTrue(parameters.containsAll(Set.of("fieldValidation", "dryRun")), type.kind());
      assertEquals("patch", Json.text(patch, "x-kubernetes-action"));
      assertEquals(type.kind(), Json.text(patch, "x-kubernetes-group-version-kind", "kind"));
    }
  }

  @Test
  void schemasNameTheirKindAndTheirMergeKeys() {
    JsonNode schemas = Json.at(OpenApi.document("v1"), "components", "schemas");
    JsonNode pod = schemas.path("io.k8s.api.core.v1.Pod");
    assertEquals("Pod", Json.text(pod.path("x-kubernetes-group-version-kind").path(0), "kind"));
    JsonNode containers =
        Json.at(schemas, "io.k8s.api.core.v1.PodSpec", "properties", "containers");
    assertEquals("name", Json.text(containers, "x-kubernetes-patch-merge-key"));
    assertEquals(
        "#/components/schemas/io.k8s.api.core.v1.Container",
        Json.text(containers, "items", "$ref"));
  }

  @Test
  void ownKindsTakeNoStrategicPatch() {
    assertFalse(OpenApi.patchTypes(Kinds.MODEL_APP).toString().contains("strategic"));
    assertTrue(OpenApi.patchTypes(Kinds.POD).toString().contains("strategic"));
  }

  @Test
  void ourOwnSchemasCanBeReadInOneSitting() {
    JsonNode schemas = Json.at(OpenApi.document("berth.dev/v1alpha1"), "components", "schemas");
    long lines = Json.pretty(schemas).lines().count();
    assertTrue(lines < 2500, "the schemas have " + lines + " lines");
  }

  @Test
  void indexNamesEveryGroupVersionWithTheHashOfItsContent() {
    JsonNode paths = OpenApi.index().path("paths");
    assertEquals(
        "/openapi/v3/apis/apps/v1?hash=" + OpenApi.hash("apps/v1"),
        Json.text(paths, "apis/apps/v1", "serverRelativeURL"));
    assertEquals(Discovery.groupVersions().size(), paths.size());
  }

  @Test
  void aggregatedAndPlainDiscoveryAgree() {
    Set<String> plain = new TreeSet<>();
    for (String groupVersion : Discovery.groupVersions()) {
      for (JsonNode resource : Discovery.resources(groupVersion).path("resources")) {
        plain.add(groupVersion + " " + Json.text(resource, "name"));
      }
    }
    Set<String> aggregated = new TreeSet<>();
    collect(Discovery.aggregatedCore("v2"), aggregated);
    collect(Discovery.aggregatedGroups("v2"), aggregated);
    assertEquals(plain, aggregated);
  }

  private static void collect(JsonNode document, Set<String> found) {
    for (JsonNode group : document.path("items")) {
      String name = Json.name(group);
      for (JsonNode version : group.path("versions")) {
        String groupVersion = (name.isEmpty() ? "" : name + "/") + Json.text(version, "version");
        for (JsonNode resource : version.path("resources")) {
          String plural = Json.text(resource, "resource");
          found.add(groupVersion + " " + plural);
          resource
              .path("subresources")
              .forEach(
                  s -> found.add(groupVersion + " " + plural + "/" + Json.text(s, "subresource")));
          assertFalse(Json.text(resource, "singularResource").isEmpty());
          assertTrue(resource.path("responseKind").isObject());
        }
      }
    }
  }

  @Test
  void whatIsNotServedIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> OpenApi.document("batch/v2"));
    assertThrows(IllegalArgumentException.class, () -> Discovery.resources("batch/v2"));
    assertThrows(IllegalArgumentException.class, () -> Discovery.apiGroup("bath"));
  }
}
