package dev.berth.controller.deployment;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Note;
import dev.berth.controller.reconcile.Owners;
import dev.berth.controller.reconcile.PodTemplates;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what a Deployment needs, from itself, its ReplicaSets and their pods. Pure.
final class DeploymentPlan {
  private static final String COMPONENT = "deployment-controller";
  private static final long DEFAULT_DEADLINE = 600;
  private static final int DEFAULT_HISTORY = 10;
  private static final String FAILURE = "ReplicaFailure";

  private final ObjectNode deployment;
  private final List<Observed> sets;
  private final Strategy strategy;
  private final Instant now;
  private final List<Action> actions = new ArrayList<>();

  private DeploymentPlan(ObjectNode deployment, List<Observed> sets, Instant now) {
    this.deployment = deployment;
    this.sets = sets;
    this.strategy = Strategy.of(deployment);
    this.now = now;
  }

  /// @param sets the ReplicaSets that the Deployment controls
  /// @param pods the pods of the namespace
  static List<Action> plan(
      ObjectNode deployment, List<ObjectNode> sets, List<ObjectNode> pods, Instant now) {
    Duration minReady =
        Duration.ofSeconds(Json.at(deployment, "spec", "minReadySeconds").asLong(0));
    List<Observed> observed =
        sets.stream()
            .map(set -> Observed.of(set, pods, minReady, now))
            .sorted(Observed.oldestFirst())
            .toList();
    return new DeploymentPlan(deployment, observed, now).plan();
  }

  /// Takes over ReplicaSets that a deleted Deployment of this selector has left behind. Otherwise
  /// the name of the next one may be taken for ever.
  ///
  /// @param sets the ReplicaSets of the namespace
  static List<Action> adopt(ObjectNode deployment, List<ObjectNode> sets) {
    if (Json.isDeleting(deployment)) {
      return List.of();
    }
    LabelSelector selector = LabelSelector.of(Json.at(deployment, "spec", "selector"));
    return sets.stream()
        .filter(set -> Owners.controller(set).isEmpty() && !Json.isDeleting(set))
        .filter(set -> selector.matches(Json.labels(set)))
        .map(set -> adopted(set, deployment))
        .toList();
  }

  private static Action adopted(ObjectNode set, ObjectNode deployment) {
    ObjectNode next = Json.deepCopy(set);
    Owners.setController(next, Kinds.DEPLOYMENT, deployment);
    return new Action.Update(Kinds.REPLICA_SET, next);
  }

  private List<Action> plan() {
    if (Json.isDeleting(deployment)) {
      return actions;
    }
    String hash = PodTemplates.hash(deployment);
    Optional<Observed> fresh =
        sets.stream().filter(o -> PodTemplates.isFrom(o.set(), hash)).findFirst();
    List<Observed> old = sets.stream().filter(o -> !o.equals(fresh.orElse(null))).toList();
    long revision = revision(fresh, old);
    boolean paused = Json.at(deployment, "spec", "paused").asBoolean(false);
    if (fresh.isPresent()) {
      roll(fresh.get(), old, revision, paused);
    } else if (!paused && mayBegin(old)) {
      create(hash, revision, old);
    } else if (!paused) {
      old.stream().filter(o -> strategy.recreate() && o.wanted() > 0).forEach(o -> scale(o, 0));
    }
    trimHistory(old);
    if (actions.isEmpty() || actions.stream().allMatch(Action.Delete.class::isInstance)) {
      report(fresh, old, revision);
    }
    return actions;
  }

  private boolean mayBegin(List<Observed> old) {
    return !strategy.recreate() || old.stream().allMatch(o -> o.wanted() == 0 && o.pods() == 0);
  }

  private long revision(Optional<Observed> fresh, List<Observed> old) {
    long newestOld = old.stream().mapToLong(Observed::revision).max().orElse(0);
    return Math.max(newestOld + 1, fresh.map(Observed::revision).orElse(0L));
  }

  private void create(String hash, long revision, List<Observed> old) {
    int others = old.stream().mapToInt(Observed::wanted).sum();
    int room = strategy.replicas() + strategy.maxSurge() - others;
    int replicas =
        strategy.recreate() ? strategy.replicas() : Math.clamp(room, 0, strategy.replicas());
    ObjectNode set = Json.object().put("apiVersion", "apps/v1").put("kind", "ReplicaSet");
    ObjectNode meta = Json.meta(set);
    String name = Json.name(deployment) + "-" + hash;
    meta.put("name", name).put("namespace", Json.namespace(deployment));
    ObjectNode template = Json.deepCopy(Json.at(deployment, "spec", "template"));
    Json.ensure(template, "metadata", "labels").put(PodTemplates.HASH_LABEL, hash);
    meta.set("labels", Json.at(template, "metadata", "labels").deepCopy());
    meta.set("annotations", annotations(revision));
    Owners.setController(set, Kinds.DEPLOYMENT, deployment);
    ObjectNode spec = set.putObject("spec").put("replicas", replicas);
    spec.put("minReadySeconds", Json.at(deployment, "spec", "minReadySeconds").asInt(0));
    ObjectNode selector = Json.deepCopy(Json.at(deployment, "spec", "selector"));
    Json.ensure(selector, "matchLabels").put(PodTemplates.HASH_LABEL, hash);
    spec.set("selector", selector);
    spec.set("template", template);
    actions.add(new Action.Create(Kinds.REPLICA_SET, set));
    tell("Scaled up replica set " + name + " from 0 to " + replicas);
  }

  private ObjectNode annotations(long revision) {
    ObjectNode annotations = Json.object();
    Json.annotations(deployment)
        .forEach(
            (name, value) -> {
              boolean own =
                  name.equals("kubectl.kubernetes.io/last-applied-configuration")
                      || name.equals(Observed.REVISION);
              if (!own) {
                annotations.put(name, value);
              }
            });
    annotations.put(
        "deployment.kubernetes.io/desired-replicas", Integer.toString(strategy.replicas()));
    annotations.put(
        "deployment.kubernetes.io/max-replicas",
        Integer.toString(strategy.replicas() + strategy.maxSurge()));
    return annotations.put(Observed.REVISION, Long.toString(revision));
  }

  private void roll(Observed fresh, List<Observed> old, long revision, boolean paused) {
    if (fresh.revision() != revision) {
      ObjectNode renumbered = Json.deepCopy(fresh.set());
      Json.ensure(Json.meta(renumbered), "annotations")
          .put(Observed.REVISION, Long.toString(revision));
      actions.add(new Action.Update(Kinds.REPLICA_SET, renumbered));
      return;
    }
    boolean rolling = old.stream().anyMatch(o -> o.wanted() > 0);
    if (paused && rolling) {
      return;
    }
    Rollout.step(fresh, old, strategy).forEach(this::scale);
  }

  private void scale(Observed observed, int replicas) {
    ObjectNode set = Json.deepCopy(observed.set());
    Json.ensure(set, "spec").put("replicas", replicas);
    actions.add(new Action.Update(Kinds.REPLICA_SET, set));
    String direction = replicas > observed.wanted() ? "up" : "down";
    tell(
        "Scaled "
            + direction
            + " replica set "
            + Json.name(set)
            + " from "
            + observed.wanted()
            + " to "
            + replicas);
  }

  private void tell(String message) {
    actions.add(new Action.Emit(Note.normal(deployment, "ScalingReplicaSet", message, COMPONENT)));
  }

  private void trimHistory(List<Observed> old) {
    int keep = Json.at(deployment, "spec", "revisionHistoryLimit").asInt(DEFAULT_HISTORY);
    List<Observed> empty = old.stream().filter(o -> o.wanted() == 0 && o.pods() == 0).toList();
    empty.stream()
        .limit(Math.max(0, empty.size() - keep))
        .forEach(o -> actions.add(Action.Delete.of(Kinds.REPLICA_SET, o.set())));
  }

  private void report(Optional<Observed> fresh, List<Observed> old, long revision) {
    if (!Json.annotation(deployment, Observed.REVISION).orElse("").equals(Long.toString(revision))
        && fresh.isPresent()) {
      ObjectNode next = Json.deepCopy(deployment);
      Json.ensure(Json.meta(next), "annotations").put(Observed.REVISION, Long.toString(revision));
      actions.add(new Action.Update(Kinds.DEPLOYMENT, next));
      return;
    }
    ObjectNode next = Json.deepCopy(deployment);
    counts(next, fresh, old);
    conditions(next, fresh, old);
    if (!next.equals(deployment)) {
      actions.add(new Action.UpdateStatus(Kinds.DEPLOYMENT, next));
    }
  }

  private void counts(ObjectNode next, Optional<Observed> fresh, List<Observed> old) {
    List<Observed> all = new ArrayList<>(old);
    fresh.ifPresent(all::add);
    int available = all.stream().mapToInt(Observed::available).sum();
    Map<String, Integer> counts = new LinkedHashMap<>();
    counts.put(
        "replicas",
        all.stream().mapToInt(o -> Math.min(o.pods(), Math.max(o.wanted(), o.ready()))).sum());
    counts.put("updatedReplicas", fresh.map(o -> Math.min(o.pods(), o.wanted())).orElse(0));
    counts.put("readyReplicas", all.stream().mapToInt(Observed::ready).sum());
    counts.put("availableReplicas", available);
    counts.put("unavailableReplicas", Math.max(0, strategy.replicas() - available));
    ObjectNode status = Json.ensure(next, "status");
    status.put("observedGeneration", (int) Json.generation(deployment));
    counts.forEach(
        (field, count) -> {
          if (count == 0) {
            status.remove(field);
          } else {
            status.put(field, count);
          }
        });
  }

  private void conditions(ObjectNode next, Optional<Observed> fresh, List<Observed> old) {
    int available = Json.at(next, "status", "availableReplicas").asInt(0);
    boolean enough = available >= strategy.minAvailable();
    set(
        next,
        "Available",
        enough,
        enough ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
        enough
            ? "Deployment has minimum availability."
            : "Deployment does not have minimum availability.");
    failure(next, fresh);
    String name = fresh.map(o -> Json.name(o.set())).orElse("");
    if (isComplete(fresh, old)) {
      set(
          next,
          "Progressing",
          true,
          "NewReplicaSetAvailable",
          "ReplicaSet \"" + name + "\" has successfully progressed.");
    } else if (progressed(next)) {
      set(
          next,
          "Progressing",
          true,
          "ReplicaSetUpdated",
          "ReplicaSet \"" + name + "\" is progressing.");
      stamp(next);
    } else if (isOverdue(next)) {
      set(
          next,
          "Progressing",
          false,
          "ProgressDeadlineExceeded",
          "ReplicaSet \"" + name + "\" has timed out progressing.");
    }
  }

  /// That its pods are refused, a Deployment says in the words of its new ReplicaSet.
  private static void failure(ObjectNode next, Optional<Observed> fresh) {
    fresh
        .flatMap(o -> Conditions.find(o.set(), FAILURE))
        .ifPresentOrElse(
            said -> Conditions.set(next, said), () -> Conditions.remove(next, FAILURE));
  }

  private boolean isComplete(Optional<Observed> fresh, List<Observed> old) {
    boolean newThere =
        fresh
            .map(o -> o.wanted() == strategy.replicas() && o.available() == strategy.replicas())
            .orElse(false);
    return newThere && old.stream().allMatch(o -> o.wanted() == 0 && o.pods() == 0);
  }

  private boolean progressed(ObjectNode next) {
    boolean newSpec =
        Json.at(deployment, "status", "observedGeneration").asLong(0)
            != Json.generation(deployment);
    boolean unknown = Conditions.find(deployment, "Progressing").isEmpty();
    JsonNode before = deployment.path("status");
    JsonNode after = next.path("status");
    boolean moved =
        after.path("updatedReplicas").asInt(0) > before.path("updatedReplicas").asInt(0)
            || after.path("readyReplicas").asInt(0) > before.path("readyReplicas").asInt(0)
            || after.path("availableReplicas").asInt(0) > before.path("availableReplicas").asInt(0)
            || after.path("replicas").asInt(0) < before.path("replicas").asInt(0);
    return newSpec || unknown || moved;
  }

  private boolean isOverdue(ObjectNode next) {
    return deadline(next).map(at -> !now.isBefore(at)).orElse(false);
  }

  /// When the Deployment counts as stuck; nothing while it is complete.
  static Optional<Instant> deadline(ObjectNode deployment) {
    long seconds = Json.at(deployment, "spec", "progressDeadlineSeconds").asLong(DEFAULT_DEADLINE);
    for (JsonNode condition : Json.at(deployment, "status", "conditions")) {
      boolean progressing =
          Json.text(condition, "type").equals("Progressing")
              && Json.text(condition, "reason").equals("ReplicaSetUpdated");
      if (progressing) {
        return Times.at(condition, "lastUpdateTime").map(t -> t.plusSeconds(seconds));
      }
    }
    return Optional.empty();
  }

  private void set(ObjectNode next, String type, boolean is, String reason, String message) {
    Conditions.set(
        next, new Condition(type, is ? Condition.TRUE : Condition.FALSE, reason, message, now, 0));
  }

  private void stamp(ObjectNode next) {
    for (JsonNode condition : Json.at(next, "status", "conditions")) {
      if (Json.text(condition, "type").equals("Progressing")) {
        ((ObjectNode) condition).put("lastUpdateTime", Times.format(now));
      }
    }
  }
}
