package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Conditions;
import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.StoreKeys;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.Change;
import dev.berth.controller.storage.Feed;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// A cluster in which nothing happens writes nothing: the whole controller as shipped, one node
/// with its heartbeats and one ModelApp that is Ready, in virtual time. Each durable change is at
/// most one fsync, so durable changes are counted.
class IdleTest extends WithControlPlane {
  IdleTest() {
    super(1, new InMemoryStore(1 << 17), Duration.ZERO);
  }

  @BeforeEach
  void runDigits() {
    new SimulatedAgent("alpha", resources, time, random).start();
    ObjectNode app =
        Json.parseObject(
            """
            {"apiVersion":"berth.dev/v1alpha1","kind":"ModelApp","metadata":{"name":"digits"},
             "spec":{"model":{"image":"digits-model:1"},"endpoint":{"protocol":"http"},
                     "app":{"image":"digits-app:1"}}}
            """);
    create(app);
    assertTrue(time.eventually(Duration.ofMinutes(5), this::isReady), "digits is not Ready");
    time.advance(Duration.ofMinutes(1));
  }

  private void create(ObjectNode object) {
    ResourceType type = Kinds.byKind(GroupVersionKind.of(object)).orElseThrow();
    resources.create(type, "default", object, WriteOptions.DEFAULT);
  }

  private boolean isReady() {
    return Conditions.isTrue(
        resources.get(Kinds.MODEL_APP, new ObjectKey("default", "digits")).tree(), "Ready");
  }

  /// Of a span of time, without what is forgotten at a restart anyway.
  private List<String> durableChanges(Duration span) {
    try (Feed feed = store.watch("", store.revision(), () -> {})) {
      time.advance(span);
      return feed.poll(Integer.MAX_VALUE).stream()
          .filter(change -> StoreKeys.isPersistent(change.key()))
          .map(Change::key)
          .toList();
    }
  }

  private int objects() {
    return store.list("").items().size();
  }

  private int events() {
    return resources.list(Kinds.EVENT, ListQuery.all(null)).items().size();
  }

  /// Allowed would be one in ten seconds.
  @Test
  void aMinuteOfIdlenessIsNotWrittenDown() {
    assertEquals(List.of(), durableChanges(Duration.ofMinutes(1)));
  }

  /// The events of the beginning go, one by one, within the hour that they live.
  @Test
  void inADayNothingIsWrittenButTheEndOfEventsAndNothingGrows() {
    int events = events();
    assertNotEquals(0, events);
    int before = objects() - events;
    List<String> changes = durableChanges(Duration.ofHours(24));
    assertEquals(0, events());
    assertEquals(before, objects());
    assertEquals(events, changes.size(), changes.toString());
  }

  @Test
  void whatSomebodyEditsInAChildIsRepairedAndThenItIsQuietAgain() {
    ObjectKey app = new ObjectKey("default", "digits-app");
    resources.patch(
        Kinds.DEPLOYMENT,
        app,
        Subresource.NONE,
        WriteOptions.DEFAULT,
        object -> {
          Json.ensure(object, "spec").put("replicas", 0);
          return object;
        });
    time.advance(Duration.ofMinutes(2));
    ObjectNode repaired = resources.get(Kinds.DEPLOYMENT, app).tree();
    assertEquals(1, Json.at(repaired, "spec", "replicas").asInt(-1));
    assertTrue(isReady());
    assertEquals(List.of(), durableChanges(Duration.ofMinutes(1)));
  }
}
