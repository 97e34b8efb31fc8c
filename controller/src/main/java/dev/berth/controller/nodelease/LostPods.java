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
  static List<Action> plan(List<ObjectNode> pods, boolean stale, Instant now) {
    return pods.stream()
        .flatMap(pod -> (stale ? lost(pod, now) : found(pod, now)).stream())
        .map(pod -> (Action) new Action.UpdateStatus(Kinds.POD, pod))
        .toList();
  }

  private static Optional<ObjectNode> lost(ObjectNode pod, Instant now) {
    return Conditions.isTrue(pod, "Ready")
        ? Optional.of(
            with(pod, Condition.FALSE, LOST, "the agent of this pod's node is not heard of", now))
        : Optional.empty();
  }

  private static Optional<ObjectNode> found(ObjectNode pod, Instant now) {
    boolean marked =
        Conditions.find(pod, "Ready").filter(ready -> ready.reason().equals(LOST)).isPresent();
    if (!marked) {
      return Optional.empty();
    }
    return Optional.of(
        Conditions.isTrue(pod, "ContainersReady")
            ? with(pod, Condition.TRUE, "", "", now)
            : with(pod, Condition.FALSE, "ContainersNotReady", "", now));
  }

  private static ObjectNode with(
      ObjectNode pod, String status, String reason, String message, Instant now) {
    ObjectNode next = Json.deepCopy(pod);
    Conditions.set(next, new Condition("Ready", status, reason, message, now, 0));
    return next;
  }
}
