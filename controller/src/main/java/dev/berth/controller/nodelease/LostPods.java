package dev.berth.controller.nodelease;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.controller.reconcile.Action;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What is said of the pods of a node that is silent: nobody knows whether they run, so they count
/// as not ready. Only `Ready` is touched; what the agent said last stays in `ContainersReady` and
/// counts again when the agent is back, until it says something else. Pure.
final class LostPods {
  private static final String LOST = "NodeLost";

  private LostPods() {}

  /// @param pods those of the node
  /// @param silence why the node counts as lost; empty when it is heard of
  static List<Action> plan(List<ObjectNode> pods, Optional<String> silence, Instant now) {
    return pods.stream()
        .filter(pod -> !isFinished(pod))
        .flatMap(
            pod ->
                silence.map(why -> lost(pod, why, now)).orElseGet(() -> found(pod, now)).stream())
        .map(pod -> (Action) new Action.UpdateStatus(Kinds.POD, pod))
        .toList();
  }

  /// Of a node that does not exist, and perhaps never did: what an agent has not said a word about
  /// was put on a wrong name.
  static List<Action> planWithoutNode(
      List<ObjectNode> pods, String node, List<String> nodes, Instant now) {
    String gone = "node " + node + " does not exist; the nodes are: " + String.join(", ", nodes);
    return pods.stream()
        .filter(pod -> !isFinished(pod))
        .flatMap(pod -> (isHeard(pod) ? lost(pod, gone, now) : misplaced(pod, gone, now)).stream())
        .map(pod -> (Action) new Action.UpdateStatus(Kinds.POD, pod))
        .toList();
  }

  private static boolean isHeard(ObjectNode pod) {
    return Json.at(pod, "status", "startTime").isString()
        || Conditions.find(pod, "ContainersReady").isPresent();
  }

  private static Optional<ObjectNode> misplaced(ObjectNode pod, String why, Instant now) {
    ObjectNode next = Json.deepCopy(pod);
    Condition condition =
        new Condition("PodScheduled", Condition.FALSE, "Unschedulable", why, now, 0);
    return Conditions.set(next, condition) ? Optional.of(next) : Optional.empty();
  }

  private static boolean isFinished(ObjectNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return phase.equals("Succeeded") || phase.equals("Failed");
  }

  private static Optional<ObjectNode> lost(ObjectNode pod, String why, Instant now) {
    return isMarked(pod)
        ? Optional.empty()
        : Optional.of(with(pod, Condition.FALSE, LOST, why, now));
  }

  private static boolean isMarked(ObjectNode pod) {
    return Conditions.find(pod, "Ready").filter(ready -> ready.reason().equals(LOST)).isPresent();
  }

  private static Optional<ObjectNode> found(ObjectNode pod, Instant now) {
    if (!isMarked(pod)) {
      return placed(pod, now);
    }
    return Optional.of(
        Conditions.isTrue(pod, "ContainersReady")
            ? with(pod, Condition.TRUE, "", "", now)
            : with(pod, Condition.FALSE, "ContainersNotReady", "", now));
  }

  private static Optional<ObjectNode> placed(ObjectNode pod, Instant now) {
    if (Conditions.find(pod, "PodScheduled").filter(c -> !c.isTrue()).isEmpty()) {
      return Optional.empty();
    }
    ObjectNode next = Json.deepCopy(pod);
    Conditions.set(next, new Condition("PodScheduled", Condition.TRUE, "", "", now, 0));
    return Optional.of(next);
  }

  private static ObjectNode with(
      ObjectNode pod, String status, String reason, String message, Instant now) {
    ObjectNode next = Json.deepCopy(pod);
    Conditions.set(next, new Condition("Ready", status, reason, message, now, 0));
    return next;
  }
}
