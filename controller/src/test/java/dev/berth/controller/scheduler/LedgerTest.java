package dev.berth.controller.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.controller.resource.ListWatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What is kept by changes equals what is added up from all objects.
class LedgerTest {
  private static final List<String> NODES = List.of("a", "b", "c");

  private final Ledger ledger = new Ledger();
  private final Map<String, ObjectNode> pods = new TreeMap<>();
  private final Map<String, ObjectNode> nodes = new TreeMap<>();

  private static ObjectNode pod(String name, String node, String phase, int cpuMilli) {
    return Json.parseObject(
        """
        {"metadata":{"name":"%s","namespace":"default"},"status":{"phase":"%s"},
         "spec":{"nodeName":"%s","containers":[{"resources":{"requests":{"cpu":"%dm"}}}]}}\
        """
            .formatted(name, phase, node, cpuMilli));
  }

  private static ObjectNode node(String name, int cpu) {
    return Json.parseObject(
        "{\"metadata\":{\"name\":\"%s\"},\"status\":{\"allocatable\":{\"cpu\":\"%d\"}}}"
            .formatted(name, cpu));
  }

  private static ListWatch.Change change(Map<String, ObjectNode> all, ObjectNode next) {
    return new ListWatch.Change(false, next, all.put(Json.name(next), next));
  }

  private void step(Random random) {
    String name = "p" + random.nextInt(6);
    String node = NODES.get(random.nextInt(3));
    switch (random.nextInt(6)) {
      case 0 -> ledger.node(change(nodes, node(node, 1 + random.nextInt(8))));
      case 1 -> {
        ObjectNode gone = nodes.remove(node);
        if (gone != null) {
          ledger.node(new ListWatch.Change(true, gone, gone));
        }
      }
      case 2 -> {
        ObjectNode gone = pods.remove(name);
        if (gone != null) {
          ledger.pod(new ListWatch.Change(true, gone, gone));
        }
      }
      case 3 -> ledger.pod(change(pods, pod(name, node, "Succeeded", 100)));
      case 4 -> ledger.pod(change(pods, pod(name, "", "Pending", 100)));
      default -> ledger.pod(change(pods, pod(name, node, "Running", random.nextInt(900))));
    }
  }

  @Test
  void itEqualsTheSumOfAllPods() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      for (int i = 0; i < 200; i++) {
        step(random);
        Snapshot sum = Snapshot.of(new ArrayList<>(nodes.values()), new ArrayList<>(pods.values()));
        assertEquals(sum, ledger.snapshot(), "seed " + seed);
      }
    }
  }

  @Test
  void aPromiseCountsUntilThePodIsSeenOrItIsWithdrawn() {
    ledger.node(change(nodes, node("a", 4)));
    ObjectNode open = pod("p", "", "Pending", 500);
    ledger.pod(change(pods, open));
    ledger.promise(open, "a");
    assertEquals(500, usedOfA());
    // It was told something else meanwhile.
    ledger.pod(change(pods, pod("p", "", "Pending", 500)));
    assertEquals(500, usedOfA());
    ledger.pod(change(pods, pod("p", "a", "Pending", 500)));
    assertEquals(500, usedOfA());
    ObjectNode other = pod("q", "", "Pending", 300);
    ledger.promise(other, "a");
    assertEquals(800, usedOfA());
    ledger.withdraw(ObjectKey.of(other));
    assertEquals(500, usedOfA());
  }

  /// Somebody may have been refused for that room.
  @Test
  void aPromiseThatEndsForNothingIsTold() {
    ObjectNode open = pod("p", "", "Pending", 500);
    assertFalse(ledger.pod(change(pods, open)));
    ledger.promise(open, "a");
    assertFalse(ledger.pod(change(pods, pod("p", "a", "Pending", 500))), "it is on its node");
    ObjectNode other = pod("q", "", "Pending", 300);
    ledger.promise(other, "a");
    assertTrue(ledger.pod(new ListWatch.Change(true, other, other)), "it has gone");
    assertFalse(ledger.withdraw(ObjectKey.of(other)));
  }

  @Test
  void anotherPodOfTheNameIsPromisedNothing() {
    ObjectNode first = pod("p", "", "Pending", 500);
    ledger.promise(first, "a");
    assertEquals(Optional.of("a"), ledger.promised(first));
    ObjectNode second = pod("p", "", "Pending", 500);
    Json.meta(second).put("uid", "another");
    assertEquals(Optional.empty(), ledger.promised(second));
  }

  @Test
  void aClockThatIsSetBackPutsNothingOffForLong() {
    Instant noon = Instant.parse("2026-01-01T12:00:00Z");
    Waiting told = Waiting.told(pod("p", "", "Pending", 1), "full", noon);
    assertEquals(Waiting.FLUSH, told.untilTold("full", noon));
    assertEquals(Waiting.FLUSH, told.untilTold("full", noon.minusSeconds(3_600)));
  }

  private long usedOfA() {
    return ledger.snapshot().places().getFirst().used().cpuMilli();
  }
}
