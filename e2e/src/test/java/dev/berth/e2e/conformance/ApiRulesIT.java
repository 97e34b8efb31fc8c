package dev.berth.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.e2e.TestHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Rows about the API as a whole: discovery, lists in pieces, watches, validation, what goes with
/// its owner.
class ApiRulesIT extends WithApi {
  private static final String MAPS = "/api/v1/namespaces/default/configmaps";
  private static final String AGGREGATED =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList";

  ApiRulesIT() {
    super("rules");
  }

  private static ObjectNode parsed(String json) {
    return (ObjectNode) Json.parse(json.getBytes(StandardCharsets.UTF_8));
  }

  private static ObjectNode map(String name, String group, String value) {
    return parsed(
        """
        {"apiVersion": "v1", "kind": "ConfigMap",
         "metadata": {"name": "%s", "labels": {"group": "%s"}}, "data": {"v": "%s"}}
        """
            .formatted(name, group, value));
  }

  // ---- version and discovery

  @Test
  @Tag("conformance:version/1")
  void theVersionIsMadeOfNumbers() throws IOException {
    JsonNode version = wire.get("/version").ok();
    assertTrue(version.path("major").asString().matches("[0-9]+"), version::toString);
    assertTrue(version.path("minor").asString().matches("[0-9]+"), version::toString);
  }

  @Test
  @Tag("conformance:discovery/1")
  @Tag("conformance:discovery/2")
  void everyGroupHasAPreferredVersionAndEachVersionItsResources() throws IOException {
    JsonNode groups = wire.get("/apis").ok().path("groups");
    assertTrue(groups.size() > 3, groups::toString);
    for (JsonNode group : groups) {
      Set<String> versions = new HashSet<>();
      for (JsonNode version : group.path("versions")) {
        String name = version.path("groupVersion").asString();
        versions.add(name);
        JsonNode list = wire.get("/apis/" + name).ok();
        assertEquals(name, list.path("groupVersion").asString());
        assertTrue(!list.path("resources").isEmpty(), name);
      }
      String preferred = group.at("/preferredVersion/groupVersion").asString();
      assertTrue(versions.contains(preferred), group::toString);
    }
    assertTrue(!wire.get("/api/v1").ok().path("resources").isEmpty());
  }

  @Test
  @Tag("conformance:aggregated-discovery/1")
  @Tag("conformance:aggregated-discovery/3")
  void oneDocumentSaysTheSameAsMany() throws IOException {
    for (String root : new String[] {"/api", "/apis"}) {
      JsonNode all = wire.call("GET", root, Map.of("Accept", AGGREGATED), "").ok();
      assertEquals("APIGroupDiscoveryList", all.path("kind").asString());
      for (JsonNode group : all.path("items")) {
        for (JsonNode version : group.path("versions")) {
          String name = group.at("/metadata/name").asString("");
          String path =
              (name.isEmpty() ? "/api/" : "/apis/" + name + "/")
                  + version.path("version").asString();
          assertEquals(plain(path), aggregated(version), path);
        }
      }
    }
  }

  private Set<String> plain(String path) throws IOException {
    Set<String> names = new HashSet<>();
    wire.get(path).ok().path("resources").forEach(r -> names.add(r.path("name").asString()));
    return names;
  }

  private static Set<String> aggregated(JsonNode version) {
    Set<String> names = new HashSet<>();
    for (JsonNode resource : version.path("resources")) {
      String name = resource.path("resource").asString();
      names.add(name);
      resource
          .path("subresources")
          .forEach(sub -> names.add(name + "/" + sub.path("subresource").asString()));
    }
    return names;
  }

  // ---- lists and watches

  @Test
  @Tag("conformance:list-chunking/1")
  void aListInPiecesIsOneList() throws IOException {
    for (int i = 0; i < 12; i++) {
      wire.post(MAPS, map("piece-" + (char) ('a' + i), "pieces", "1")).is(201);
    }
    Set<String> seen = new HashSet<>();
    Set<String> revisions = new HashSet<>();
    String token = "";
    do {
      JsonNode page =
          wire.get(MAPS + "?limit=5" + (token.isEmpty() ? "" : "&continue=" + token)).ok();
      page.path("items").forEach(o -> assertTrue(seen.add(Json.name((ObjectNode) o))));
      revisions.add(page.at("/metadata/resourceVersion").asString());
      token = page.at("/metadata/continue").asString("");
      assertEquals(token.isEmpty(), page.at("/metadata/remainingItemCount").asLong(0) == 0);
      // What is written meanwhile belongs to a later list.
      wire.post(MAPS, map("piece-late-" + seen.size(), "late", "1")).is(201);
    } while (!token.isEmpty());
    assertEquals(1, revisions.size(), revisions::toString);
    assertEquals(12, seen.stream().filter(n -> n.matches("piece-[a-l]")).count());
    assertEquals(0, seen.stream().filter(n -> n.startsWith("piece-late")).count());
  }

  private BufferedReader watch(String query) {
    return new BufferedReader(
        new InputStreamReader(wire.watch(MAPS + query), StandardCharsets.UTF_8));
  }

  /// `ADDED a=1`.
  private static String event(BufferedReader events) throws IOException {
    JsonNode event = Json.parse(String.valueOf(events.readLine()).getBytes(StandardCharsets.UTF_8));
    return event.path("type").asString()
        + " "
        + event.at("/object/metadata/name").asString()
        + "="
        + event.at("/object/data/v").asString();
  }

  @Test
  @Tag("conformance:watch/1")
  @Tag("conformance:watch/2")
  @Tag("conformance:watch/5")
  void aWatchGoesOnWhereAnotherEndedAndAllSeeOneOrder() throws IOException {
    String first =
        wire.post(MAPS, map("order", "order", "1"))
            .is(201)
            .ok()
            .at("/metadata/resourceVersion")
            .asString();
    List<String> expected = new ArrayList<>();
    String middle = "";
    for (int i = 2; i <= 6; i++) {
      JsonNode changed = wire.merge(MAPS + "/order", "{\"data\":{\"v\":\"" + i + "\"}}").ok();
      expected.add("MODIFIED order=" + i);
      middle = i == 4 ? changed.at("/metadata/resourceVersion").asString() : middle;
    }
    wire.delete(MAPS + "/order").ok();
    expected.add("DELETED order=6");
    for (int watcher = 0; watcher < 3; watcher++) {
      assertEquals(expected, seen("?labelSelector=group%3Dorder&resourceVersion=" + first, 6));
    }
    assertEquals(
        expected.subList(3, 6), seen("?labelSelector=group%3Dorder&resourceVersion=" + middle, 3));
  }

  private List<String> seen(String query, int count) throws IOException {
    List<String> seen = new ArrayList<>();
    try (BufferedReader events = watch(query)) {
      for (int i = 0; i < count; i++) {
        seen.add(event(events));
      }
    }
    return seen;
  }

  @Test
  @Tag("conformance:watch/3")
  @Tag("conformance:watch/4")
  void anObjectThatLeavesASelectorIsDeletedForIt() throws IOException {
    String from = wire.get(MAPS).ok().at("/metadata/resourceVersion").asString();
    wire.post(MAPS, map("moves", "here", "1")).is(201);
    wire.merge(MAPS + "/moves", "{\"data\":{\"v\":\"2\"}}").ok();
    wire.merge(MAPS + "/moves", "{\"metadata\":{\"labels\":{\"group\":\"there\"}}}").ok();
    wire.merge(MAPS + "/moves", "{\"metadata\":{\"labels\":{\"group\":\"here\"}}}").ok();
    wire.delete(MAPS + "/moves").ok();
    assertEquals(
        List.of(
            "ADDED moves=1",
            "MODIFIED moves=2",
            "DELETED moves=2",
            "ADDED moves=2",
            "DELETED moves=2"),
        seen("?labelSelector=group%3Dhere&resourceVersion=" + from, 5));
    assertEquals(
        List.of("ADDED moves=2", "DELETED moves=2"),
        seen("?labelSelector=group%3Dthere&resourceVersion=" + from, 2));
    assertEquals(
        List.of(
            "ADDED moves=1",
            "MODIFIED moves=2",
            "MODIFIED moves=2",
            "MODIFIED moves=2",
            "DELETED moves=2"),
        seen("?labelSelector=group+in+(here,there)&resourceVersion=" + from, 5));
  }

  @Test
  @Tag("conformance:table/1")
  void aFormThatNobodyHasIsNotAcceptable() throws IOException {
    wire.call(
            "GET", MAPS, Map.of("Accept", "application/json;as=Table;v=v1alpha1;g=meta.k8s.io"), "")
        .is(406);
  }

  // ---- validation

  @Test
  @Tag("conformance:field-validation-strict/5")
  @Tag("conformance:field-validation-strict/7")
  void strictMeansThatNothingUnknownOrTwiceIsTaken() throws IOException {
    assertRefused(
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"s\"},\"datta\":{},\"data\":{\"a\":\"1\"},\"data\":{\"a\":\"2\"}}",
        "unknown field \"datta\"",
        "duplicate field \"data\"");
    assertRefused(
        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"s\",\"lables\":{}}}",
        "unknown field \"metadata.lables\"");
  }

  private void assertRefused(String body, String... words) throws IOException {
    Wire.Answer answer =
        wire.call(
            "POST", MAPS + "?fieldValidation=Strict", Map.of("Content-Type", Wire.JSON), body);
    assertEquals(400, answer.code(), answer::toString);
    String message = answer.body().path("message").asString();
    for (String word : words) {
      assertTrue(message.contains(word), () -> word + " in " + message);
    }
  }

  // ---- what goes with its owner

  private static ObjectNode owned(String name, JsonNode... owners) {
    ObjectNode object = map(name, "owned", "1");
    var list = ((ObjectNode) object.path("metadata")).putArray("ownerReferences");
    for (JsonNode owner : owners) {
      list.addObject()
          .put("apiVersion", "v1")
          .put("kind", "ConfigMap")
          .put("name", owner.at("/metadata/name").asString())
          .put("uid", owner.at("/metadata/uid").asString());
    }
    return object;
  }

  private boolean isGone(String path) {
    try {
      return wire.get(path).code() == 404;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Tag("conformance:garbage-collector/5")
  void whatHasAnotherOwnerStays() throws IOException, InterruptedException {
    JsonNode goes = wire.post(MAPS, map("owner-goes", "owner", "1")).is(201).ok();
    JsonNode stays = wire.post(MAPS, map("owner-stays", "owner", "1")).is(201).ok();
    wire.post(MAPS, owned("both", goes, stays)).is(201);
    wire.post(MAPS, owned("only", goes)).is(201);
    wire.delete(MAPS + "/owner-goes?propagationPolicy=Background").ok();
    TestHost.waitUntil("what was owned is gone", () -> isGone(MAPS + "/only"));
    wire.get(MAPS + "/both").ok();
    wire.delete(MAPS + "/owner-stays").ok();
    TestHost.waitUntil("the last owner is gone", () -> isGone(MAPS + "/both"));
  }

  @Test
  @Tag("conformance:garbage-collector/4")
  void aCircleOfOwnersBlocksNobody() throws IOException, InterruptedException {
    JsonNode first = wire.post(MAPS, map("circle-1", "circle", "1")).is(201).ok();
    JsonNode second = wire.post(MAPS, owned("circle-2", first)).is(201).ok();
    JsonNode third = wire.post(MAPS, owned("circle-3", second)).is(201).ok();
    ObjectNode closed = (ObjectNode) wire.get(MAPS + "/circle-1").ok();
    ((ObjectNode) closed.path("metadata"))
        .set("ownerReferences", owned("x", third).at("/metadata/ownerReferences"));
    wire.put(MAPS + "/circle-1", closed).ok();
    wire.delete(MAPS + "/circle-1").ok();
    for (String one : new String[] {"circle-1", "circle-2", "circle-3"}) {
      TestHost.waitUntil(one + " is gone", () -> isGone(MAPS + "/" + one));
    }
  }

  private static ObjectNode deployment(String name) {
    return parsed(
        """
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "NAME"},
         "spec": {"replicas": 2, "selector": {"matchLabels": {"app": "NAME"}},
                  "template": {"metadata": {"labels": {"app": "NAME"}},
                               "spec": {"containers": [{"name": "a", "image": "absent:1"}]}}}}
        """
            .replace("NAME", name));
  }

  private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
  private static final String SETS = "/apis/apps/v1/namespaces/default/replicasets";
  private static final String PODS = "/api/v1/namespaces/default/pods";

  private long count(String collection, String app) {
    try {
      return wire.get(collection + "?labelSelector=app%3D" + app).ok().path("items").size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void deploy(String name) throws IOException, InterruptedException {
    wire.post(DEPLOYMENTS, deployment(name)).is(201);
    TestHost.waitUntil(name + " has its pods", () -> count(PODS, name) == 2);
  }

  @Test
  @Tag("conformance:garbage-collector/1")
  void inTheBackgroundAllGoes() throws IOException, InterruptedException {
    deploy("background");
    wire.delete(DEPLOYMENTS + "/background?propagationPolicy=Background").ok();
    TestHost.waitUntil("its sets are gone", () -> count(SETS, "background") == 0);
    TestHost.waitUntil("its pods are gone", () -> count(PODS, "background") == 0);
  }

  @Test
  @Tag("conformance:garbage-collector/6")
  void anOrphanStays() throws IOException, InterruptedException {
    deploy("orphan");
    wire.delete(DEPLOYMENTS + "/orphan?propagationPolicy=Orphan").ok();
    TestHost.waitUntil("the deployment is gone", () -> isGone(DEPLOYMENTS + "/orphan"));
    JsonNode left = wire.get(SETS + "?labelSelector=app%3Dorphan").ok().path("items");
    assertEquals(1, left.size());
    assertTrue(left.at("/0/metadata/ownerReferences").isEmpty(), left::toString);
    assertEquals(2, count(PODS, "orphan"));
    String set = left.at("/0/metadata/name").asString();
    wire.delete(SETS + "/" + set + "?propagationPolicy=Background").ok();
  }

  @Test
  @Tag("conformance:deployment/1")
  void aDeploymentIsScaledAtItsOwnPath() throws IOException, InterruptedException {
    deploy("scaled");
    String path = DEPLOYMENTS + "/scaled/scale";
    assertEquals(2, wire.get(path).ok().at("/spec/replicas").asInt());
    JsonNode scaled =
        wire.replace(path, scale -> ((ObjectNode) scale.path("spec")).put("replicas", 1));
    assertEquals(1, scaled.at("/spec/replicas").asInt());
    TestHost.waitUntil("one pod is left", () -> count(PODS, "scaled") == 1);
    wire.merge(path, "{\"spec\":{\"replicas\":3}}").ok();
    assertEquals(3, wire.get(DEPLOYMENTS + "/scaled").ok().at("/spec/replicas").asInt());
    wire.delete(DEPLOYMENTS + "/scaled").ok();
  }

  // ---- namespaces

  @Test
  @Tag("conformance:namespaces/4")
  @Tag("conformance:namespaces/5")
  void whatIsInANamespaceGoesWithIt() throws IOException, InterruptedException {
    wire.post("/api/v1/namespaces", parsed("{\"metadata\":{\"name\":\"going\"}}")).is(201);
    String in = "/api/v1/namespaces/going";
    wire.post(
            in + "/pods",
            parsed(
                "{\"metadata\":{\"name\":\"p\"},\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"absent:1\"}]}}"))
        .is(201);
    wire.post(
            in + "/services",
            parsed("{\"metadata\":{\"name\":\"s\"},\"spec\":{\"ports\":[{\"port\":80}]}}"))
        .is(201);
    wire.delete(in).ok();
    TestHost.waitUntil("the namespace is gone", () -> isGone(in));
    wire.post("/api/v1/namespaces", parsed("{\"metadata\":{\"name\":\"going\"}}")).is(201);
    assertEquals(0, wire.get(in + "/pods").ok().path("items").size());
    assertEquals(0, wire.get(in + "/services").ok().path("items").size());
    wire.delete(in).ok();
  }
}
