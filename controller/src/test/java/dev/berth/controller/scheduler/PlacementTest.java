package dev.berth.controller.scheduler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Requests;
import java.time.Instant;
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
         "conditions":[{"type":"Ready","status":"True"}]}}\
        """
            .formatted(name, cpu));
  }

  private static ObjectNode pod(int cpuMilli) {
    return Json.parseObject(
        """
        {"metadata":{"name":"p"},"spec":{"containers":[{"name":"c","resources":{"requests":{"cpu":"%dm"}}}]}}\
        """
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
            "0/2 nodes are available: a has Insufficient cpu (2 asked for, 1 of 1 free); b is"
                + " cordoned (unschedulable)",
            "0/2 nodes are available: a has Insufficient cpu; b is cordoned (unschedulable)"),
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

  private static String whyNot(ObjectNode pod, ObjectNode... nodes) {
    return switch (Placement.decide(pod, Snapshot.of(List.of(nodes), List.of()))) {
      case Decision.Unschedulable why -> why.message();
      case Decision.Bind(String node) -> throw new AssertionError("bound to " + node);
    };
  }

  @Test
  void aPodLargerThanAnyNodeIsToldOfTheLargest() {
    assertEquals(
        "0/2 nodes are available: the pod asks for 64 cpu and 128 MiB memory, more than any node"
            + " has; the largest node, b, has 4 cpu and 4 GiB memory allocatable",
        whyNot(pod(64_000), node("a", 2), node("b", 4)));
  }

  @Test
  void aSelectorThatMatchesNothingNamesTheLabelAndWhatThereIs() {
    ObjectNode pod = pod(100);
    Json.ensure(pod, "spec", "nodeSelector").put("gpu", "yes");
    ObjectNode other = node("b", 2);
    Json.ensure(other, "metadata", "labels").put("gpu", "no");
    assertEquals(
        "0/2 nodes are available: no node has the label gpu=yes (b has gpu=no), which the pod's"
            + " nodeSelector asks for",
        whyNot(pod, node("a", 2), other));
  }

  @Test
  void aTaintThatIsNotToleratedIsNamed() {
    ObjectNode tainted = node("a", 2);
    Json.ensure(tainted, "spec").putArray("taints").addObject().put("key", "k").put("value", "v");
    assertEquals(
        "0/1 node is available: a has untolerated taint {k: v}", whyNot(pod(100), tainted));
  }

  private static void say(ObjectNode node, String type, String status, String message) {
    Conditions.set(node, new Condition(type, status, "", message, Instant.EPOCH, 0));
  }

  @Test
  void aNodeUnderPressureGetsNothingNew() {
    ObjectNode full = node("a", 2);
    say(full, "DiskPressure", Condition.TRUE, "1.2 GiB of 64 GiB free");
    assertEquals(
        "0/1 node is available: a has DiskPressure (1.2 GiB of 64 GiB free)",
        whyNot(pod(100), full));
    assertEquals(
        new Decision.Bind("b"),
        Placement.decide(pod(100), Snapshot.of(List.of(full, node("b", 1)), List.of())));
  }

  @Test
  void aNodeThatIsGoneSaysThatItsAgentIsNotHeardOf() {
    ObjectNode lost = node("a", 2);
    say(lost, "Ready", Condition.UNKNOWN, "");
    assertEquals(
        "0/1 node is available: a is not ready: its agent is not heard of", whyNot(pod(100), lost));
  }

  @Test
  void aPodAsksForItsLargestMomentWithInitContainersAndSidecars() {
    String pod =
        """
        {"spec":{"containers":[{"resources":{"requests":{"cpu":"200m"}}}],"initContainers":[
          {"resources":{"requests":{"cpu":"250m"}}},
          {"restartPolicy":"Always","resources":{"requests":{"cpu":"100m"}}},
          {"resources":{"requests":{"cpu":"%s"}}}]}}
        """;
    assertEquals(300, Requests.of(Json.parse(pod.formatted("150m"))).cpuMilli());
    assertEquals(600, Requests.of(Json.parse(pod.formatted("500m"))).cpuMilli());
  }
}
