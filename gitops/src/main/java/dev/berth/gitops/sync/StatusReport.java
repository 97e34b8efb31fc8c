package dev.berth.gitops.sync;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts a new status together, starting from the one before: what is not told anew stays.
public final class StatusReport {
  private static final int RESOURCES = 500;
  private static final int PENDING = 100;

  private final ObjectNode holder = Json.object();
  private final ObjectNode status;
  private final long generation;
  private final Instant now;

  public StatusReport(JsonNode before, long generation, Instant now) {
    this.status = before instanceof ObjectNode object ? Json.deepCopy(object) : Json.object();
    holder.set("status", status);
    this.generation = generation;
    this.now = now;
    status.put("observedGeneration", generation);
  }

  public ObjectNode status() {
    return status;
  }

  public StatusReport put(String field, String value) {
    status.put(field, value);
    return this;
  }

  public StatusReport set(String field, JsonNode value) {
    status.set(field, value);
    return this;
  }

  public StatusReport condition(String type, boolean holds, String reason, String message) {
    Conditions.set(
        holder,
        new Condition(
            type, holds ? Condition.TRUE : Condition.FALSE, reason, message, now, generation));
    return this;
  }

  public StatusReport without(String type) {
    Conditions.remove(holder, type);
    return this;
  }

  public Optional<Condition> find(String type) {
    return Conditions.find(holder, type);
  }

  /// Everything that a look at the objects says.
  public StatusReport synced(SyncResult result, boolean waits, int historyLimit) {
    put("attemptedRevision", result.target().revision());
    strings("skippedRevisions", result.target().skipped());
    if (result.isSynced()) {
      put("appliedRevision", result.target().revision());
      if (result.isHealthy()) {
        put("healthyRevision", result.target().revision());
      }
    }
    summary(result);
    resources(result);
    pendingDiff(result);
    strings(
        "pendingConfirmations",
        result.pruning().why().isEmpty()
            ? List.of()
            : result.pruning().blocked().stream().map(Object::toString).toList());
    strings("inventory", result.inventory().stream().map(Object::toString).toList());
    result.attempt().ifPresent(attempt -> history(attempt, historyLimit));
    conditions(result, waits);
    return this;
  }

  private void strings(String field, List<String> texts) {
    ArrayNode list = Json.array();
    texts.forEach(list::add);
    status.set(field, list);
  }

  private void summary(SyncResult result) {
    int synced = (int) result.compared().stream().filter(Compared::isSynced).count();
    ObjectNode summary = Json.object();
    summary.put("total", result.compared().size());
    summary.put("synced", synced);
    summary.put("outOfSync", result.compared().size() - synced);
    summary.put(
        "pruned", result.wrote() ? result.pruned() : Json.at(status, "summary", "pruned").asInt(0));
    summary.put("healthy", count(result, Health.State.HEALTHY));
    summary.put("progressing", count(result, Health.State.PROGRESSING));
    summary.put("degraded", count(result, Health.State.DEGRADED));
    status.set("summary", summary);
  }

  private static int count(SyncResult result, Health.State state) {
    return (int) result.compared().stream().filter(each -> each.health().state() == state).count();
  }

  private void resources(SyncResult result) {
    ArrayNode list = Json.array();
    result.compared().stream()
        .sorted(
            Comparator.<Compared, Boolean>comparing(Compared::isSynced)
                .thenComparing(each -> each.health().state())
                .thenComparing(each -> each.wanted().ref()))
        .limit(RESOURCES)
        .forEach(each -> list.add(resource(each)));
    status.set("resources", list);
  }

  private static ObjectNode resource(Compared compared) {
    ObjectNode node = Json.object();
    node.put("ref", compared.wanted().ref().toString());
    node.put("sync", compared.isSynced() ? "Synced" : "OutOfSync");
    node.put("health", compared.health().state().word());
    String message =
        switch (compared.difference()) {
          case Compared.Refused refused -> refused.message();
          case Compared.Awaits awaits -> "waits for " + awaits.what();
          default -> compared.health().message();
        };
    if (!message.isEmpty()) {
      node.put("message", message);
    }
    return node.put("wave", compared.wanted().wave());
  }

  private void pendingDiff(SyncResult result) {
    ObjectNode diff = Json.object();
    ArrayNode create = diff.putArray("create");
    ArrayNode update = diff.putArray("update");
    for (Compared each : result.compared()) {
      String ref = each.wanted().ref().toString();
      if (each.difference() instanceof Compared.Differs differs && update.size() < PENDING) {
        update.add(update(ref, differs));
      } else if (!each.isSynced() && each.live().isEmpty() && create.size() < PENDING) {
        create.add(Json.object().put("ref", ref));
      }
    }
    ArrayNode delete = diff.putArray("delete");
    result.pruning().delete().stream()
        .limit(PENDING)
        .forEach(ref -> delete.add(Json.object().put("ref", ref.toString())));
    if (create.isEmpty() && update.isEmpty() && (delete.isEmpty() || result.isSynced())) {
      status.remove("pendingDiff");
    } else {
      status.set("pendingDiff", diff);
    }
  }

  private static ObjectNode update(String ref, Compared.Differs differs) {
    ObjectNode node = Json.object().put("ref", ref);
    ArrayNode changes = node.putArray("changes");
    for (Difference.Change change : differs.changes()) {
      changes
          .addObject()
          .put("path", change.path())
          .put("from", change.from())
          .put("to", change.to());
    }
    return node;
  }

  private void history(Attempt attempt, int limit) {
    List<Attempt> all = new ArrayList<>();
    for (JsonNode node : status.path("history")) {
      all.add(Attempt.read(node));
    }
    boolean same =
        !all.isEmpty()
            && all.getFirst().isOf(attempt.revision(), attempt.digest())
            && all.getFirst().startedAt().equals(seconds(attempt.startedAt()));
    // One that failed and is tried again is the same line of the story.
    boolean retried =
        !all.isEmpty()
            && all.getFirst().isOf(attempt.revision(), attempt.digest())
            && all.getFirst().result() == Attempt.Result.FAILED
            && all.getFirst().by().equals(attempt.by());
    if (retried
        && attempt.result() == Attempt.Result.FAILED
        && all.getFirst().message().equals(attempt.message())) {
      return;
    }
    if (same || retried) {
      all.removeFirst();
    } else if (!all.isEmpty() && all.getFirst().isOpen()) {
      all.set(
          0, all.getFirst().ended(Attempt.Result.SUPERSEDED, now, "a newer one took its place"));
    }
    all.addFirst(attempt);
    ArrayNode list = Json.array();
    all.stream().limit(Math.max(1, limit)).forEach(each -> list.add(each.write()));
    status.set("history", list);
  }

  private static Instant seconds(Instant time) {
    return time.truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
  }

  private void conditions(SyncResult result, boolean waits) {
    switch (result.phase()) {
      case SyncPlan.Synced _ -> condition("Synced", true, "Synced", "");
      case SyncPlan.Writes _ -> condition("Synced", false, "Progressing", "is being written");
      case SyncPlan.Waits found -> condition("Synced", false, "Waiting", found.message());
      case SyncPlan.Pending found -> condition("Synced", false, "Pending", pending(found));
      case SyncPlan.Depends found ->
          condition("Synced", false, "DependencyNotReady", found.message());
      case SyncPlan.Refused found -> condition("Synced", false, found.reason(), found.message());
    }
    Optional<Compared> worst = result.worst();
    if (worst.isEmpty()) {
      condition("Healthy", true, "Healthy", "");
    } else {
      condition(
          "Healthy",
          false,
          worst.get().health().state().word(),
          worst.get().wanted().ref().words() + ": " + worst.get().health().message());
    }
    if (result.pruning().why().isEmpty()) {
      without("PruneBlocked");
    } else {
      condition(
          "PruneBlocked",
          true,
          "PruneGuard",
          result.pruning().why()
              + "; agree with annotation berth.dev/confirm-prune: "
              + result.target().commit());
    }
    outcome(result, waits);
  }

  private static String pending(SyncPlan.Pending found) {
    return found.message() + ": run berth git sync to apply it";
  }

  private void outcome(SyncResult result, boolean waits) {
    Optional<Attempt> failed =
        result.attempt().filter(attempt -> attempt.result() == Attempt.Result.FAILED);
    Condition synced = find("Synced").orElseThrow();
    Condition healthy = find("Healthy").orElseThrow();
    without("Stalled");
    without("Reconciling");
    if (synced.isTrue() && (healthy.isTrue() || !waits)) {
      condition("Ready", true, "Succeeded", "applied " + result.target().revision());
      return;
    }
    boolean timeout = failed.isPresent() && !(result.phase() instanceof SyncPlan.Refused);
    Condition why = synced.isTrue() ? healthy : synced;
    condition("Ready", false, timeout ? "Timeout" : why.reason(), why.message());
    if (result.phase() instanceof SyncPlan.Refused refused) {
      condition(refused.lasting() ? "Stalled" : "Reconciling", true, why.reason(), why.message());
    } else if (!(result.phase() instanceof SyncPlan.Pending) && !timeout) {
      condition("Reconciling", true, "Progressing", why.message());
    }
  }

  /// There is nothing to apply: the source or the manifests are broken. What was applied stays.
  public StatusReport broken(String reason, String message) {
    condition("Synced", false, reason, message);
    condition("Ready", false, reason, message);
    condition("Stalled", true, reason, message);
    return without("Reconciling");
  }
}
