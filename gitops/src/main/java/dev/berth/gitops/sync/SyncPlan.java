package dev.berth.gitops.sync;

import dev.berth.api.ApiException;
import dev.berth.api.gitops.GitRepository;
import dev.berth.gitops.port.ObjectRef;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What to write now. Pure: planned again after its writes it goes on with the next wave, and at
/// its end it plans nothing.
///
/// @param apply in this order
/// @param delete in this order, after everything is applied
public record SyncPlan(Phase phase, List<Wanted> apply, List<ObjectRef> delete) {

  public sealed interface Phase {}

  /// Everything is as the revision says.
  public record Synced() implements Phase {}

  /// There is something to write, and it may be written.
  public record Writes() implements Phase {}

  /// A wave, or a definition, is not ready, and the next ones wait for it.
  public record Waits(String message) implements Phase {}

  /// The difference is shown, and somebody has to ask.
  public record Pending(String message) implements Phase {}

  /// A repository that this one depends on is not ready.
  public record Depends(String message) implements Phase {}

  /// Nothing is written: something of the set is refused.
  ///
  /// @param lasting whether the same would be refused again; else it is just tried again
  public record Refused(String reason, String message, boolean lasting) implements Phase {
    static Refused of(Compared.Refused refused) {
      return new Refused(refused.reason(), refused.message(), refused.lasting());
    }

    static Refused deletion(ObjectRef ref, ApiException e) {
      String reason = e.error().code() == 403 ? "Forbidden" : "ApplyFailed";
      return new Refused(
          reason, "delete " + ref.words() + ": " + e.getMessage(), Comparison.isLasting(e));
    }
  }

  /// @param mayWrite whether differences are put right now, or only shown
  /// @param dependency why the repository has to wait for another
  record Situation(
      GitRepository repository,
      List<Compared> compared,
      Pruning pruning,
      boolean mayWrite,
      Optional<String> dependency) {}

  static SyncPlan plan(Situation situation) {
    List<Compared> open = situation.compared().stream().filter(each -> !each.isSynced()).toList();
    Optional<Refused> refused = refused(open);
    if (refused.isPresent()) {
      return only(refused.get());
    }
    if (open.isEmpty() && situation.pruning().delete().isEmpty()) {
      return only(new Synced());
    }
    if (situation.dependency().isPresent()) {
      return only(new Depends(situation.dependency().get()));
    }
    if (!situation.mayWrite()) {
      return only(new Pending(pending(open.size(), situation.pruning().delete().size())));
    }
    return open.isEmpty()
        ? new SyncPlan(new Writes(), List.of(), situation.pruning().delete())
        : wave(situation.compared(), open);
  }

  private static SyncPlan only(Phase phase) {
    return new SyncPlan(phase, List.of(), List.of());
  }

  private static Optional<Refused> refused(List<Compared> open) {
    List<Compared.Refused> all = new ArrayList<>();
    for (Compared each : open) {
      if (each.difference() instanceof Compared.Refused found) {
        all.add(found);
      }
    }
    all.sort(Comparator.comparing(Compared.Refused::lasting).reversed());
    return all.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Refused(
                all.getFirst().reason(),
                String.join("\n", all.stream().limit(5).map(Compared.Refused::message).toList())
                    + (all.size() > 5 ? "\nand " + (all.size() - 5) + " more" : ""),
                all.getFirst().lasting()));
  }

  private static String pending(int changes, int deletions) {
    return changes
        + (changes == 1 ? " object differs" : " objects differ")
        + (deletions > 0 ? ", " + deletions + " would be deleted" : "");
  }

  /// The lowest wave with something to write, once all waves before it are healthy.
  private static SyncPlan wave(List<Compared> all, List<Compared> open) {
    int wave = open.stream().mapToInt(each -> each.wanted().wave()).min().orElse(0);
    for (Compared each : all) {
      if (each.wanted().wave() < wave && !each.health().isHealthy()) {
        return only(
            new Waits(
                "wave "
                    + wave
                    + " waits for "
                    + each.wanted().ref().words()
                    + ": "
                    + each.health().message()));
      }
    }
    List<Compared> now = open.stream().filter(each -> each.wanted().wave() == wave).toList();
    List<Wanted> apply =
        now.stream()
            .filter(each -> !(each.difference() instanceof Compared.Awaits))
            .map(Compared::wanted)
            .toList();
    return apply.isEmpty()
        ? only(new Waits(awaited(now)))
        : new SyncPlan(new Writes(), apply, List.of());
  }

  private static String awaited(List<Compared> now) {
    for (Compared each : now) {
      if (each.difference() instanceof Compared.Awaits awaits) {
        return each.wanted().ref().words() + " waits for " + awaits.what();
      }
    }
    return "";
  }
}
