package dev.berth.controller.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Where pods go, and what is said when they cannot.
class PlacementTest {
  private static ObjectNode node(String name, int cpu) {
    return Json.parseObject(
        """
        {"metadata":{"name":"%s"},"status":{"allocatable":{"cpu":"%d","memory":"4Gi","pods":"10"},
         "conditions":[{"type":"Ready","status":"True"}]}}"""
            .formatted(name, cpu));
  }

  private static ObjectNode pod(int cpuMilli) {
    return Json.parseObject(
        """
        {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"%dm"}}}]}}"""
            .formatted(cpuMilli));
  }

  @Test
  void noNodeIsEverGivenMoreThanItHas() {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      List<ObjectNode> nodes =
          List.of(node("a", 1), node("b", 2), node("c", 1 + random.nextInt(4)));
      List<ObjectNode> placed = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        ObjectNode pod = pod(random.nextInt(900));
        Snapshot snapshot = Snapshot.of(nodes, placed);
        if (Placement.decide(pod, snapshot) instanceof Decision.Bind(String name)) {
          Json.ensure(pod, "spec").put("nodeName", name);
          placed.add(pod);
        }
      }
      for (Snapshot.Place place : Snapshot.of(nodes, placed).places()) {
        assertTrue(place.free().cpuMilli() >= 0 && place.free().pods() >= 0, "seed " + seed);
      }
    }
  }

  @Test
  void aPodThatFitsNowhereIsToldWhyForEachNode() {
    ObjectNode cordoned = node("b", 8);
    Json.ensure(cordoned, "spec").put("unschedulable", true);
    Decision decision =
        Placement.decide(pod(2_000), Snapshot.of(List.of(node("a", 1), cordoned), List.of()));
    assertEquals(
        new Decision.Unschedulable(
            "0/2 nodes are available: a Insufficient cpu: wants 2000m, 1000m free; b is cordoned (unschedulable)"),
        decision);
  }

  @Test
  void theEmptierNodeWins() {
    ObjectNode busy = pod(500);
    Json.ensure(busy, "spec").put("nodeName", "a");
    assertEquals(
        new Decision.Bind("b"),
        Placement.decide(
            pod(100), Snapshot.of(List.of(node("a", 2), node("b", 2)), List.of(busy))));
  }
}
