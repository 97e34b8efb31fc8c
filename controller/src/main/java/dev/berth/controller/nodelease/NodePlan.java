package dev.berth.controller.nodelease;

import dev.berth.api.Cidr;
import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Note;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what a node needs. Pure.
final class NodePlan {
  static final Duration GRACE = Duration.ofSeconds(40);
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final String LOST = "NodeStatusUnknown";
  private static final int BITS_PER_NODE = 24;
  private static final String COMPONENT = "node-controller";

  private NodePlan() {}

  /// @param heard when the node was last heard of
  /// @param taken the networks of the other nodes
  static List<Action> plan(
      ObjectNode node, Instant heard, Set<String> taken, Cidr podCidr, Instant now) {
    boolean stale = isStale(heard, now);
    List<Action> actions = new ArrayList<>();
    ObjectNode spec = Json.deepCopy(node);
    addNetwork(spec, taken, podCidr);
    setTaint(spec, stale);
    if (!spec.equals(node)) {
      actions.add(new Action.Update(Kinds.NODE, spec));
    } else {
      (stale ? lost(node, now) : found(node, now)).ifPresent(actions::addAll);
    }
    return actions;
  }

  static boolean isStale(Instant heard, Instant now) {
    return !now.isBefore(heard.plus(GRACE));
  }

  private static void addNetwork(ObjectNode node, Set<String> taken, Cidr podCidr) {
    if (!Json.text(node, "spec", "podCIDR").isEmpty()) {
      return;
    }
    long parts = podCidr.size() >> (32 - BITS_PER_NODE);
    for (int i = 0; i < parts; i++) {
      String network = podCidr.subnet(BITS_PER_NODE, i).toString();
      if (!taken.contains(network)) {
        ObjectNode spec = Json.ensure(node, "spec");
        spec.put("podCIDR", network).putArray("podCIDRs").add(network);
        return;
      }
    }
  }

  private static void setTaint(ObjectNode node, boolean stale) {
    ArrayNode kept = Json.array();
    boolean present = false;
    for (JsonNode taint : Json.at(node, "spec", "taints")) {
      if (Json.text(taint, "key").equals(UNREACHABLE)) {
        present = true;
      } else {
        kept.add(taint);
      }
    }
    if (present == stale) {
      return;
    }
    if (stale) {
      kept.addObject().put("key", UNREACHABLE).put("effect", "NoSchedule");
    }
    ObjectNode spec = Json.ensure(node, "spec");
    if (kept.isEmpty()) {
      spec.remove("taints");
    } else {
      spec.set("taints", kept);
    }
  }

  private static Optional<List<Action>> lost(ObjectNode node, Instant now) {
    ObjectNode next = Json.deepCopy(node);
    boolean changed =
        Conditions.set(
            next,
            new Condition(
                "Ready",
                Condition.UNKNOWN,
                LOST,
                "the agent has not renewed its lease for "
                    + GRACE.toSeconds()
                    + " s; check that it runs and reaches this server",
                now,
                0));
    return changed
        ? Optional.of(
            List.of(
                new Action.UpdateStatus(Kinds.NODE, next),
                new Action.Emit(
                    Note.warning(node, "NodeNotReady", "the node's lease is stale", COMPONENT))))
        : Optional.empty();
  }

  /// Takes back our own mark; the agent's next report says more.
  private static Optional<List<Action>> found(ObjectNode node, Instant now) {
    boolean marked =
        Conditions.find(node, "Ready").map(ready -> ready.reason().equals(LOST)).orElse(false);
    if (!marked) {
      return Optional.empty();
    }
    ObjectNode next = Json.deepCopy(node);
    Conditions.set(
        next,
        new Condition(
            "Ready", Condition.TRUE, "LeaseRenewed", "the agent renews its lease again", now, 0));
    return Optional.of(List.of(new Action.UpdateStatus(Kinds.NODE, next)));
  }

  /// A node that has no lease yet is as fresh as its registration.
  static Instant heard(ObjectNode node, Optional<ObjectNode> lease) {
    return lease
        .flatMap(l -> Times.at(l, "spec", "renewTime"))
        .or(() -> Times.at(node, "metadata", "creationTimestamp"))
        .orElse(Instant.EPOCH);
  }
}
