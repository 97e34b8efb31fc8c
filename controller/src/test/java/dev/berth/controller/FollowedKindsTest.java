package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.codec.Manifests;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.InMemoryStore;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The kinds that reconcilers follow, in the whole controller and in virtual time: a custom one as
/// long as its definition is there.
class FollowedKindsTest extends WithControlPlane {
  private static final ObjectKey NAME = ObjectKey.clusterScoped("crontabs.stable.example.com");

  FollowedKindsTest() {
    super(12, new InMemoryStore(), Duration.ofSeconds(10));
  }

  private void define() throws IOException {
    try (InputStream yaml =
        FollowedKindsTest.class.getResourceAsStream("crontab-definition.yaml")) {
      ObjectNode definition = Manifests.parse("crontab", yaml.readAllBytes()).getFirst().tree();
      resources.create(Kinds.CUSTOM_RESOURCE_DEFINITION, "", definition, WriteOptions.DEFAULT);
    }
    settle();
  }

  private void withdraw() {
    String uid = Json.uid(resources.get(Kinds.CUSTOM_RESOURCE_DEFINITION, NAME).tree());
    resources.delete(Kinds.CUSTOM_RESOURCE_DEFINITION, NAME, DeleteOptions.ofUid(uid));
    settle();
  }

  private ResourceType custom() {
    return resources.kinds().storedCustom().getFirst();
  }

  /// What is owned by an object of the kind goes with it, when somebody follows the kind.
  private boolean ownsOthers() {
    ObjectNode owner =
        Json.parseObject("{\"metadata\":{\"name\":\"own\"},\"spec\":{\"cronSpec\":\"* * * * *\"}}");
    ObjectNode made = resources.create(custom(), "default", owner, WriteOptions.DEFAULT).object();
    ObjectNode map = Json.parseObject("{\"metadata\":{\"name\":\"owned\"}}");
    Json.meta(map)
        .putArray("ownerReferences")
        .addObject()
        .put("apiVersion", custom().gvk().apiVersion())
        .put("kind", custom().kind())
        .put("name", "own")
        .put("uid", Json.uid(made));
    resources.create(Kinds.CONFIG_MAP, "default", map, WriteOptions.DEFAULT);
    settle();
    resources.delete(custom(), ObjectKey.of(made), DeleteOptions.ofUid(Json.uid(made)));
    settle();
    return resources.find(Kinds.CONFIG_MAP, new ObjectKey("default", "owned")).isEmpty();
  }

  @Test
  void aKindIsFollowedNoLongerThanItIsDefined() throws IOException {
    Set<ResourceType> before = Set.copyOf(plane.cluster().kinds());
    define();
    assertTrue(plane.cluster().kinds().contains(custom()));
    withdraw();
    assertEquals(before, plane.cluster().kinds());
  }

  @Test
  void aKindThatComesBackIsFollowedAgain() throws IOException {
    define();
    assertTrue(ownsOthers());
    withdraw();
    define();
    assertTrue(ownsOthers());
  }

  @Test
  void nothingIsKeptOfKindsThatWent() throws IOException {
    define();
    withdraw();
    ObjectNode map = Json.parseObject("{\"metadata\":{\"name\":\"later\"}}");
    resources.create(Kinds.CONFIG_MAP, "default", map, WriteOptions.DEFAULT);
    settle();
    ObjectNode debug = plane.inspection().of(Kinds.CONFIG_MAP, new ObjectKey("default", "later"));
    assertFalse(debug.toString().contains("crontab"), debug::toString);
  }
}
