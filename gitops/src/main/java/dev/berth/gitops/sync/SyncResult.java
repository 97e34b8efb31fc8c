package dev.berth.gitops.sync;

import dev.berth.gitops.port.ObjectRef;
import java.util.List;
import java.util.Optional;

/// What a sync came to.
///
/// @param inventory what is ours now
/// @param pruned how many objects this look has deleted
/// @param attempt the sync it belongs to; empty where nothing was ever written
/// @param instead where to go because this revision has failed
/// @param wrote whether anything was applied or deleted
public record SyncResult(
    Target target,
    List<Compared> compared,
    SyncPlan.Phase phase,
    Pruning pruning,
    List<ObjectRef> inventory,
    int pruned,
    Optional<Attempt> attempt,
    Optional<Target> instead,
    boolean wrote) {

  boolean isSynced() {
    return phase instanceof SyncPlan.Synced;
  }

  boolean isHealthy() {
    return compared.stream().allMatch(each -> each.health().isHealthy());
  }

  /// The object that is worst off, the first of them.
  Optional<Compared> worst() {
    return compared.stream()
        .filter(each -> !each.health().isHealthy())
        .min(java.util.Comparator.comparing(each -> each.health().state()));
  }
}
