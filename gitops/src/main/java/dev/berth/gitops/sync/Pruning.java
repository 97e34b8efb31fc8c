package dev.berth.gitops.sync;

import dev.berth.api.Json;
import dev.berth.api.gitops.GitRepository;
import dev.berth.api.gitops.SyncSpec.Prune;
import dev.berth.gitops.port.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What of the inventory may go. Only what the last sync owned, is still marked as ours, and is no
/// more wanted; many at once, and kinds that hold data, wait until somebody agrees. Pure.
///
/// @param delete goes now, in this order
/// @param blocked stays, and stays ours: it waits for a confirmation, or nothing is pruned
/// @param kept is no more ours: marked as not to be deleted, or taken over by somebody
/// @param why the sentence for the condition; empty where nothing waits
record Pruning(List<ObjectRef> delete, List<ObjectRef> blocked, List<ObjectRef> kept, String why) {

  /// @param left of the inventory, what is no more wanted and still there
  /// @param total how many objects the inventory has
  /// @param waiting what waited for a confirmation before: it goes on to wait, however the
  ///   inventory has grown meanwhile
  /// @param confirmed whether somebody agreed for this revision
  static Pruning plan(
      Map<ObjectRef, ObjectNode> left,
      int total,
      Prune spec,
      String owner,
      Set<ObjectRef> waiting,
      boolean confirmed) {
    List<ObjectRef> candidates = new ArrayList<>();
    List<ObjectRef> kept = new ArrayList<>();
    left.forEach(
        (ref, live) -> (isOurs(live, owner) && isPruned(live) ? candidates : kept).add(ref));
    candidates.sort(
        Comparator.<ObjectRef>comparingInt(ref -> Order.rank(ref.kind()))
            .thenComparing(Comparator.naturalOrder())
            .reversed());
    if (!spec.enabled()) {
      return new Pruning(List.of(), candidates, kept, "");
    }
    if (confirmed) {
      return new Pruning(candidates, List.of(), kept, "");
    }
    return guarded(candidates, kept, left, total, spec, waiting);
  }

  private static Pruning guarded(
      List<ObjectRef> candidates,
      List<ObjectRef> kept,
      Map<ObjectRef, ObjectNode> left,
      int total,
      Prune spec,
      Set<ObjectRef> waiting) {
    int count = candidates.size();
    if (count > spec.maxDeletions()) {
      return new Pruning(List.of(), candidates, kept, count + " deletions, more than maxDeletions");
    }
    // One object is never too large a part: of two it would be half.
    if (count > 1 && count * 100L > (long) spec.maxPercent() * total) {
      return new Pruning(
          List.of(),
          candidates,
          kept,
          count + " of " + total + " objects would go, more than maxPercent");
    }
    List<ObjectRef> blocked =
        candidates.stream()
            .filter(ref -> waiting.contains(ref) || asksFirst(ref, left.get(ref), spec))
            .toList();
    List<ObjectRef> free = candidates.stream().filter(ref -> !blocked.contains(ref)).toList();
    String why =
        blocked.isEmpty()
            ? ""
            : blocked.getFirst().words()
                + (blocked.size() > 1 ? " and " + (blocked.size() - 1) + " more wait" : " waits")
                + " for a confirmation";
    return new Pruning(free, blocked, kept, why);
  }

  private static boolean isOurs(ObjectNode live, String owner) {
    return Json.annotation(live, GitRepository.OWNER).filter(owner::equals).isPresent();
  }

  private static boolean isPruned(ObjectNode live) {
    return !Json.annotation(live, GitRepository.PRUNE).orElse("").equals("disabled");
  }

  private static boolean asksFirst(
      ObjectRef ref, @org.jspecify.annotations.Nullable ObjectNode live, Prune spec) {
    return spec.confirmKinds().contains(ref.kind())
        || (live != null
            && Json.annotation(live, GitRepository.PRUNE).orElse("").equals("confirm"));
  }
}
