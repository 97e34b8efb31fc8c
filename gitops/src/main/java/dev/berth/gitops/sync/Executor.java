package dev.berth.gitops.sync;

import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.ResourceType;
import dev.berth.gitops.port.Actor;
import dev.berth.gitops.port.Cluster;
import dev.berth.gitops.port.ObjectRef;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Writes what was planned, and stops at the first refusal.
public final class Executor {
  private final Cluster cluster;
  private final Actor actor;
  private final Preparation preparation;
  private final Comparison comparison;

  /// What has to happen to an object before it is applied: contexts are packed and pushed.
  public interface Preparation {
    ObjectNode prepare(Wanted wanted) throws IOException;
  }

  Executor(Cluster cluster, Actor actor, Preparation preparation, Comparison comparison) {
    this.cluster = cluster;
    this.actor = actor;
    this.preparation = preparation;
    this.comparison = comparison;
  }

  /// Writes until something is refused.
  ///
  /// @param deleted where each object goes that is deleted; what was refused, and what stands
  ///   behind it, stays ours
  Optional<SyncPlan.Refused> execute(
      SyncPlan plan, Map<ObjectRef, ObjectNode> left, Set<ObjectRef> deleted) {
    for (Wanted wanted : plan.apply()) {
      Optional<SyncPlan.Refused> refused = apply(wanted);
      if (refused.isPresent()) {
        return refused;
      }
    }
    for (ObjectRef ref : plan.delete()) {
      Optional<SyncPlan.Refused> refused = delete(ref, left, deleted);
      if (refused.isPresent()) {
        return refused;
      }
    }
    return Optional.empty();
  }

  private Optional<SyncPlan.Refused> apply(Wanted wanted) {
    try {
      ObjectNode prepared = preparation.prepare(wanted);
      comparison.written(
          wanted.ref(), cluster.apply(wanted.type().orElseThrow(), prepared, false, actor));
      return Optional.empty();
    } catch (ApiException e) {
      return Optional.of(SyncPlan.Refused.of(Comparison.refused(wanted, e)));
    } catch (IOException e) {
      return Optional.of(
          new SyncPlan.Refused(
              "ApplyFailed",
              wanted.place() + ": " + wanted.ref().words() + ": " + e.getMessage(),
              false));
    }
  }

  private Optional<SyncPlan.Refused> delete(
      ObjectRef ref, Map<ObjectRef, ObjectNode> left, Set<ObjectRef> deleted) {
    Optional<ResourceType> type = cluster.kind(ref.group(), ref.kind());
    ObjectNode live = left.get(ref);
    if (type.isEmpty() || live == null || Json.isDeleting(live)) {
      return Optional.empty();
    }
    try {
      cluster.delete(type.get(), ref.key(), Json.uid(live), actor);
      deleted.add(ref);
      return Optional.empty();
    } catch (ApiException e) {
      if (e.isNotFound()) {
        deleted.add(ref);
        return Optional.empty();
      }
      return Optional.of(SyncPlan.Refused.deletion(ref, e));
    }
  }
}
