package dev.berth.e2e.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.e2e.TestHost;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What can be done to an object of any kind, in the order of its life.
///
/// @param base path of the group and version: `/api/v1`, `/apis/apps/v1`
/// @param namespace empty for kinds without one
/// @param body of one object, without a name
record Lifecycle(Wire wire, String base, String namespace, String plural, String body) {
  private static final String LABEL = "conformance=yes";

  private String collection() {
    return base + (namespace.isEmpty() ? "" : "/namespaces/" + namespace) + "/" + plural;
  }

  private String path(String name) {
    return collection() + "/" + name;
  }

  private ObjectNode named(String name) {
    ObjectNode object = (ObjectNode) Json.parse(body.getBytes(StandardCharsets.UTF_8));
    ObjectNode meta =
        object.has("metadata")
            ? (ObjectNode) object.path("metadata")
            : object.putObject("metadata");
    meta.put("name", name).putObject("labels").put("conformance", "yes");
    return object;
  }

  /// Created, read, found in lists, patched, replaced, watched, deleted.
  void run(String name) throws IOException, InterruptedException {
    wire.assumeServed(base, plural);
    JsonNode created = wire.post(collection(), named(name)).is(201).ok();
    assertTrue(!created.at("/metadata/uid").asString("").isEmpty(), created::toString);
    String from = created.at("/metadata/resourceVersion").asString();
    String path = path(name);
    assertEquals(created.at("/metadata/uid"), wire.get(path).ok().at("/metadata/uid"));
    assertListed(collection(), name);
    assertListed(base + "/" + plural, name);
    JsonNode patched =
        wire.merge(path, "{\"metadata\":{\"annotations\":{\"step\":\"patched\"}}}").ok();
    assertEquals("patched", patched.at("/metadata/annotations/step").asString());
    wire.replace(
        path, live -> ((ObjectNode) live.at("/metadata/annotations")).put("step", "replaced"));
    try (BufferedReader events =
        new BufferedReader(
            new InputStreamReader(
                wire.watch(
                    collection()
                        + "?resourceVersion="
                        + from
                        + "&fieldSelector=metadata.name="
                        + name),
                StandardCharsets.UTF_8))) {
      awaitStep(events, "patched");
      awaitStep(events, "replaced");
      delete(path);
      // A kind with finalizers is seen once more while it ends.
      for (JsonNode event = event(events); !isDeleted(event); event = event(events)) {
        assertEquals("MODIFIED", event.path("type").asString(), event::toString);
      }
    }
  }

  private static boolean isDeleted(JsonNode event) {
    return event.path("type").asString("").equals("DELETED");
  }

  private void assertListed(String path, String name) throws IOException {
    JsonNode list = wire.get(path + "?labelSelector=" + LABEL.replace("=", "%3D")).ok();
    assertTrue(
        list.path("items").valueStream().anyMatch(o -> Json.name((ObjectNode) o).equals(name)),
        list::toString);
  }

  /// A reconciler may have its say between two of ours: a cordoned node gets its taint.
  private static void awaitStep(BufferedReader events, String step) throws IOException {
    JsonNode event = event(events);
    while (!event.at("/object/metadata/annotations/step").asString("").equals(step)) {
      assertEquals("MODIFIED", event.path("type").asString(), event::toString);
      event = event(events);
    }
    assertEquals("MODIFIED", event.path("type").asString(), event::toString);
  }

  private static JsonNode event(BufferedReader events) throws IOException {
    String line = events.readLine();
    assertNotEquals(null, line, "the watch ended");
    return Json.parse(String.valueOf(line).getBytes(StandardCharsets.UTF_8));
  }

  private void delete(String path) throws IOException, InterruptedException {
    wire.delete(path).ok();
    TestHost.waitUntil(path + " is gone", () -> isGone(path));
  }

  private boolean isGone(String path) {
    try {
      return wire.get(path).code() == 404;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Two of them, deleted by their label at once, while a third stays.
  void deleteCollection() throws IOException, InterruptedException {
    wire.assumeServed(base, plural);
    for (String name : new String[] {"all-1", "all-2"}) {
      ObjectNode object = named(name);
      ((ObjectNode) object.at("/metadata/labels")).put("conformance", "all");
      wire.post(collection(), object).is(201);
    }
    ObjectNode other = named("all-3");
    ((ObjectNode) other.at("/metadata/labels")).put("conformance", "stays");
    wire.post(collection(), other).is(201);
    wire.delete(collection() + "?labelSelector=conformance%3Dall").ok();
    TestHost.waitUntil("both are gone", () -> isGone(path("all-1")) && isGone(path("all-2")));
    wire.get(path("all-3")).ok();
    delete(path("all-3"));
  }

  /// A status is written at its own path, and nowhere else.
  ///
  /// @param patch a merge patch of the status
  /// @param pointer to what it sets
  void status(String name, String patch, String pointer) throws IOException, InterruptedException {
    wire.assumeServed(base, plural);
    wire.post(collection(), named(name)).is(201);
    JsonNode before = wire.get(path(name) + "/status").ok();
    JsonNode patched = wire.merge(path(name) + "/status", patch).ok();
    assertNotEquals(before.at(pointer), patched.at(pointer), patched::toString);
    wire.replace(path(name) + "/status", _ -> {});
    delete(path(name));
  }
}
