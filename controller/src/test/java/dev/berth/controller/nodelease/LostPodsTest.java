package dev.berth.controller.nodelease;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.controller.reconcile.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Nothing counts as ready on a node that is not heard of.
class LostPodsTest {
  private static final Optional<String> SILENT = Optional.of("silent");
  private static final Optional<String> HEARD = Optional.empty();
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ObjectNode pod(String status) {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    for (String type : List.of("ContainersReady", "Ready")) {
      Conditions.set(pod, new Condition(type, status, "", "", NOW, 0));
    }
    return pod;
  }

  private static ObjectNode after(ObjectNode pod, Optional<String> silence) {
    return switch (LostPods.plan(List.of(pod), silence, NOW).getFirst()) {
      case Action.UpdateStatus(_, ObjectNode next) -> next;
      case Action other -> throw new AssertionError(other);
    };
  }

  @Test
  void aSilentNodesPodsAreNotReadyUntilItIsHeardAgain() {
    ObjectNode lost = after(pod(Condition.TRUE), SILENT);
    assertEquals("NodeLost", Conditions.find(lost, "Ready").orElseThrow().reason());
    assertEquals(List.of(), LostPods.plan(List.of(lost), SILENT, NOW));
    assertEquals(
        Condition.TRUE, Conditions.find(after(lost, HEARD), "Ready").orElseThrow().status());
  }

  @Test
  void aPodThatWasStartingIsLostTooAndStartsAgainWhenItsNodeIsBack() {
    ObjectNode lost = after(pod(Condition.FALSE), SILENT);
    assertEquals("silent", Conditions.find(lost, "Ready").orElseThrow().message());
    assertEquals(
        "ContainersNotReady", Conditions.find(after(lost, HEARD), "Ready").orElseThrow().reason());
  }

  @Test
  void podsThatAreNotOursToMarkAreLeftAlone() {
    ObjectNode finished = pod(Condition.FALSE);
    Json.ensure(finished, "status").put("phase", "Succeeded");
    assertEquals(List.of(), LostPods.plan(List.of(finished), SILENT, NOW));
    assertEquals(List.of(), LostPods.plan(List.of(pod(Condition.TRUE)), HEARD, NOW));
  }

  @Test
  void aPodOnANameThatIsNoNodeIsToldOfTheNodesThereAre() {
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    List<Action> plan = LostPods.planWithoutNode(List.of(pod), "nowhere", List.of("a", "b"), NOW);
    ObjectNode told = ((Action.UpdateStatus) plan.getFirst()).object();
    assertEquals(
        "node nowhere does not exist; the nodes are: a, b",
        Conditions.find(told, "PodScheduled").orElseThrow().message());
    assertEquals(
        List.of(), LostPods.planWithoutNode(List.of(told), "nowhere", List.of("a", "b"), NOW));
    assertEquals(
        Condition.TRUE, Conditions.find(after(told, HEARD), "PodScheduled").orElseThrow().status());
  }
}
