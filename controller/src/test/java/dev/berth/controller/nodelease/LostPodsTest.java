package dev.berth.controller.nodelease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.controller.reconcile.Action;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Nothing counts as ready on a node that is not heard of.
class LostPodsTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ObjectNode pod(String status) {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    for (String type : List.of("ContainersReady", "Ready")) {
      Conditions.set(pod, new Condition(type, status, "", "", NOW, 0));
    }
    return pod;
  }

  private static ObjectNode after(ObjectNode pod, boolean stale) {
    return switch (LostPods.plan(List.of(pod), stale, NOW).getFirst()) {
      case Action.UpdateStatus(_, ObjectNode next) -> next;
      case Action other -> throw new AssertionError(other);
    };
  }

  @Test
  void aSilentNodesPodsAreNotReadyUntilItIsHeardAgain() {
    ObjectNode lost = after(pod(Condition.TRUE), true);
    assertEquals("NodeLost", Conditions.find(lost, "Ready").orElseThrow().reason());
    assertEquals(List.of(), LostPods.plan(List.of(lost), true, NOW));
    assertEquals(
        Condition.TRUE, Conditions.find(after(lost, false), "Ready").orElseThrow().status());
  }

  @Test
  void podsThatAreNotOursToMarkAreLeftAlone() {
    assertEquals(List.of(), LostPods.plan(List.of(pod(Condition.FALSE)), true, NOW));
    assertEquals(List.of(), LostPods.plan(List.of(pod(Condition.TRUE)), false, NOW));
  }
}
