package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Cidr;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.controller.resource.DeleteOptions;
import dev.berth.controller.resource.Item;
import dev.berth.controller.resource.ListQuery;
import dev.berth.controller.resource.Resources;
import dev.berth.controller.resource.Subresource;
import dev.berth.controller.resource.SystemNamespaces;
import dev.berth.controller.resource.WriteOptions;
import dev.berth.controller.storage.Change;
import dev.berth.controller.storage.Feed;
import dev.berth.controller.storage.InMemoryStore;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Pods that fit nowhere, in the whole controller and in virtual time: what they cost is counted in
/// writes and in turns of the reconcilers.
class WaitingPodsTest {
  private static final int PODS = 300;
  private static final long SEED = 8;

  private final Random random = new Random(SEED);
  private final VirtualTime time = new VirtualTime(random);
  private final InMemoryStore store = new InMemoryStore(1 << 17);
  private final Resources resources =
      new Resources(
          store,
          time::now,
          () -> new UUID(random.nextLong(), random.nextLong()).toString(),
          random,
          Cidr.parse("10.96.0.0/16"));
  private final ControlPlane plane =
      new ControlPlane(resources, time, Simulation.NETWORK, Simulation.TRUST);
  private final Feed everything = store.watch("", 0, () -> {});

  @BeforeEach
  void begin() {
    SystemNamespaces.ensure(resources);
    plane.start();
    time.advance(Duration.ofSeconds(10));
    changes("");
  }

  @AfterEach
  void stop() {
    plane.stop();
    everything.close();
  }

  /// Since the last call.
  private long changes(String prefix) {
    return everything.poll(Integer.MAX_VALUE).stream()
        .map(Change::key)
        .filter(key -> key.startsWith(prefix))
        .count();
  }

  private void create(int count) {
    for (int i = 0; i < count; i++) {
      ObjectNode pod =
          Json.parseObject("{\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}]}}");
      Json.meta(pod).put("name", "p" + i);
      resources.create(Kinds.POD, "default", pod, WriteOptions.DEFAULT);
    }
    changes("");
  }

  /// A node lives for forty seconds: nobody renews its lease.
  private void register(String name, int pods) {
    ObjectNode node = Json.object().put("apiVersion", "v1").put("kind", "Node");
    Json.meta(node).put("name", name);
    Json.ensure(node, "status", "allocatable")
        .put("cpu", "100")
        .put("memory", "64Gi")
        .put("pods", Integer.toString(pods));
    Conditions.set(node, new Condition("Ready", Condition.TRUE, "AgentReady", "", time.now(), 0));
    resources.create(Kinds.NODE, "", node, WriteOptions.DEFAULT);
  }

  private List<ObjectNode> pods(Predicate<ObjectNode> which) {
    return resources.list(Kinds.POD, ListQuery.all("default")).items().stream()
        .map(Item::tree)
        .filter(which)
        .toList();
  }

  private static boolean isBound(ObjectNode pod) {
    return !Json.text(pod, "spec", "nodeName").isEmpty();
  }

  private List<String> messages() {
    return pods(pod -> !isBound(pod)).stream()
        .map(pod -> Conditions.find(pod, "PodScheduled").map(Condition::message).orElse("none"))
        .distinct()
        .toList();
  }

  @Test
  void aPodThatFitsNowhereIsToldOnceWithItsEvent() {
    create(PODS);
    int before = time.tasksRun();
    time.advance(Duration.ofMinutes(1));
    assertEquals(2 * PODS, changes(""));
    assertTrue(time.tasksRun() - before < 10 * PODS, "turns: " + (time.tasksRun() - before));
    assertEquals(
        List.of("0/0 nodes are available: no node has registered; start an agent"), messages());
  }

  @Test
  void anAnswerThatIsUnchangedWritesNothingHoweverOftenItIsSought() {
    create(PODS);
    time.advance(Duration.ofMinutes(1));
    changes("");
    int before = time.tasksRun();
    time.advance(Duration.ofMinutes(50));
    assertEquals(0, changes(""));
    int turns = time.tasksRun() - before;
    assertTrue(
        turns >= 18 * PODS && turns <= 22 * PODS, "a timer and one in five minutes each: " + turns);
  }

  @Test
  void aNodeThatComesTakesWhatFitsAndTheOthersAreToldOnce() {
    create(PODS);
    time.advance(Duration.ofMinutes(1));
    changes("");
    register("alpha", 10);
    time.advance(Duration.ofSeconds(20));
    assertEquals(10, pods(WaitingPodsTest::isBound).size());
    assertEquals(List.of("0/1 node is available: alpha has Too many pods (10 of 10)"), messages());
    assertEquals(PODS, changes("pods/"));
  }

  /// Each end of a pod may let any other in; those that still do not fit are not told so again.
  @Test
  void manyPodsThatEndLetAsManyInAndWriteNoMore() {
    register("alpha", 10);
    create(200);
    time.advance(Duration.ofSeconds(5));
    changes("");
    int before = time.tasksRun();
    for (int i = 0; i < 100; i++) {
      ObjectNode ended = pods(WaitingPodsTest::isBound).getFirst();
      DeleteOptions now = DeleteOptions.ofUid(Json.uid(ended)).withGrace(0);
      resources.delete(Kinds.POD, ObjectKey.of(ended), now);
      time.advance(Duration.ofMillis(100));
    }
    time.advance(Duration.ofSeconds(2));
    assertEquals(10, pods(WaitingPodsTest::isBound).size());
    assertEquals(2 * 100, changes("pods/"));
    assertTrue(time.tasksRun() - before < 20_000, "turns: " + (time.tasksRun() - before));
  }

  @Test
  void aChangedWishIsTriedAtOnce() {
    register("alpha", 10);
    resources.patch(
        Kinds.NODE,
        ObjectKey.clusterScoped("alpha"),
        Subresource.NONE,
        WriteOptions.DEFAULT,
        node -> {
          Json.ensure(node, "spec")
              .putArray("taints")
              .addObject()
              .put("key", "k")
              .put("effect", "NoSchedule");
          return node;
        });
    create(1);
    time.advance(Duration.ofSeconds(10));
    assertEquals(0, pods(WaitingPodsTest::isBound).size());
    resources.patch(
        Kinds.POD,
        new ObjectKey("default", "p0"),
        Subresource.NONE,
        WriteOptions.DEFAULT,
        pod -> {
          Json.ensure(pod, "spec").withArray("tolerations").addObject().put("operator", "Exists");
          return pod;
        });
    time.advance(Duration.ofMillis(100));
    assertEquals(1, pods(WaitingPodsTest::isBound).size());
  }
}
