package dev.berth.controller.replicaset;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Note;
import dev.berth.controller.reconcile.Owners;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what a ReplicaSet needs, from itself and its pods. Pure.
final class ReplicaSetPlan {
  private static final String COMPONENT = "replicaset-controller";
  private static final int AT_ONCE = 50;
  private static final String FAILURE = "ReplicaFailure";

  private final ObjectNode set;
  private final List<ObjectNode> active;
  private final Instant now;
  private final List<Action> actions = new ArrayList<>();

  private ReplicaSetPlan(ObjectNode set, List<ObjectNode> active, Instant now) {
    this.set = set;
    this.active = active;
    this.now = now;
  }

  /// @param pods every pod of the namespace that the selector matches or that the set controls
  static List<Action> plan(ObjectNode set, List<ObjectNode> pods, Instant now) {
    String uid = Json.uid(set);
    LabelSelector selector = LabelSelector.of(Json.at(set, "spec", "selector"));
    List<ObjectNode> mine = new ArrayList<>();
    ReplicaSetPlan plan = new ReplicaSetPlan(set, mine, now);
    for (ObjectNode pod : pods) {
      boolean fits = selector.matches(Json.labels(pod));
      if (!isActive(pod)) {
        continue;
      }
      if (Owners.isControlledBy(pod, uid)) {
        plan.keepOrRelease(pod, fits, mine);
      } else if (fits && Owners.controller(pod).isEmpty()) {
        plan.adopt(pod, mine);
      }
    }
    plan.report();
    plan.scale();
    return plan.actions;
  }

  private static boolean isActive(ObjectNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return !Json.isDeleting(pod) && !phase.equals("Succeeded") && !phase.equals("Failed");
  }

  private void keepOrRelease(ObjectNode pod, boolean fits, List<ObjectNode> mine) {
    if (fits) {
      mine.add(pod);
    } else {
      ObjectNode released = Json.deepCopy(pod);
      Json.meta(released).remove("ownerReferences");
      actions.add(new Action.Update(Kinds.POD, released));
    }
  }

  private void adopt(ObjectNode pod, List<ObjectNode> mine) {
    if (!Json.isDeleting(set)) {
      ObjectNode adopted = Json.deepCopy(pod);
      Owners.setController(adopted, Kinds.REPLICA_SET, set);
      actions.add(new Action.Update(Kinds.POD, adopted));
      mine.add(pod);
    }
  }

  private int wanted() {
    return Json.at(set, "spec", "replicas").asInt(1);
  }

  private void scale() {
    if (Json.isDeleting(set)) {
      return;
    }
    int missing = wanted() - active.size();
    for (int i = 0; i < Math.min(missing, AT_ONCE); i++) {
      actions.add(new Action.Create(Kinds.POD, pod()));
    }
    if (missing > 0) {
      actions.add(tell("SuccessfulCreate", "Created " + counted(Math.min(missing, AT_ONCE))));
    }
    active.stream()
        .sorted(leastUsefulFirst())
        .limit(Math.max(0, -missing))
        .forEach(pod -> actions.add(Action.Delete.of(Kinds.POD, pod)));
    if (missing < 0) {
      actions.add(tell("SuccessfulDelete", "Deleted " + counted(-missing)));
    }
  }

  private static String counted(int pods) {
    return pods == 1 ? "1 pod" : pods + " pods";
  }

  private Action tell(String reason, String message) {
    return new Action.Emit(Note.normal(set, reason, message, COMPONENT));
  }

  private ObjectNode pod() {
    JsonNode template = Json.at(set, "spec", "template");
    ObjectNode pod = Json.object().put("apiVersion", "v1").put("kind", "Pod");
    ObjectNode meta = Json.meta(pod);
    meta.put("generateName", Json.name(set) + "-").put("namespace", Json.namespace(set));
    for (String field : List.of("labels", "annotations")) {
      if (!Json.isEmpty(template.path("metadata").path(field))) {
        meta.set(field, template.path("metadata").path(field).deepCopy());
      }
    }
    Owners.setController(pod, Kinds.REPLICA_SET, set);
    pod.set("spec", template.path("spec").deepCopy());
    return pod;
  }

  /// Not placed before placed, not ready before ready, young before old.
  private static Comparator<ObjectNode> leastUsefulFirst() {
    return Comparator.<ObjectNode, Boolean>comparing(
            pod -> !Json.text(pod, "spec", "nodeName").isEmpty())
        .thenComparing(pod -> Json.text(pod, "status", "phase").equals("Running"))
        .thenComparing(ReplicaSetPlan::isReady)
        .thenComparing(
            pod -> Json.text(pod, "metadata", "creationTimestamp"), Comparator.reverseOrder())
        .thenComparing(Json::name);
  }

  static boolean isReady(JsonNode pod) {
    return Conditions.isTrue(pod, "Ready");
  }

  private boolean isAvailable(ObjectNode pod) {
    Duration least = Duration.ofSeconds(Json.at(set, "spec", "minReadySeconds").asLong(0));
    return isReady(pod)
        && Conditions.find(pod, "Ready")
            .map(ready -> !ready.lastTransitionTime().plus(least).isAfter(now))
            .orElse(false);
  }

  private void report() {
    ObjectNode next = Json.deepCopy(set);
    ObjectNode status = Json.ensure(next, "status");
    status.put("replicas", active.size());
    status.put("fullyLabeledReplicas", active.size());
    put(status, "readyReplicas", active.stream().filter(ReplicaSetPlan::isReady).count());
    put(status, "availableReplicas", active.stream().filter(this::isAvailable).count());
    status.put("observedGeneration", (int) Json.generation(set));
    if (active.size() >= wanted()) {
      Conditions.remove(next, FAILURE);
    }
    if (!next.equals(set)) {
      actions.add(new Action.UpdateStatus(Kinds.REPLICA_SET, next));
    }
  }

  /// Says that pods are refused, and why. Each refusal names another pod, which is no news.
  ///
  /// @return whether the set has to be told anything
  static boolean refused(ObjectNode set, String message, Instant now) {
    boolean known =
        Conditions.find(set, FAILURE)
            .filter(said -> gist(said.message()).equals(gist(message)))
            .isPresent();
    return !known
        && Conditions.set(
            set, new Condition(FAILURE, Condition.TRUE, "FailedCreate", message, now, 0));
  }

  private static String gist(String message) {
    return message.substring(Math.max(0, message.indexOf("is forbidden: ")));
  }

  private static void put(ObjectNode status, String field, long count) {
    if (count == 0) {
      status.remove(field);
    } else {
      status.put(field, (int) count);
    }
  }

  /// When a pod that is ready becomes available, so that somebody looks again then.
  static Duration untilAvailable(ObjectNode set, List<ObjectNode> pods, Instant now) {
    Duration least = Duration.ofSeconds(Json.at(set, "spec", "minReadySeconds").asLong(0));
    return pods.stream()
        .filter(ReplicaSetPlan::isReady)
        .flatMap(pod -> Conditions.find(pod, "Ready").stream())
        .map(ready -> Duration.between(now, ready.lastTransitionTime().plus(least)))
        .filter(Duration::isPositive)
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }
}
