package dev.berth.controller.deployment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The arithmetic of a rolling update. Pure: given what each ReplicaSet wants and has, how many
/// shall each want next? Up never exceeds replicas + maxSurge in all; down never takes a pod that
/// is needed for replicas - maxUnavailable, also counting those that are only unready at the
/// moment, and takes pods that do not work before pods that do.
final class Rollout {
  private Rollout() {}

  /// The next wishes.
  ///
  /// @param fresh the ReplicaSet of the present template
  /// @param old the others, oldest first
  /// @return the new wishes, by ReplicaSet, where they differ
  static Map<Observed, Integer> step(Observed fresh, List<Observed> old, Strategy strategy) {
    Map<Observed, Integer> next = new LinkedHashMap<>();
    if (strategy.recreate()) {
      recreate(fresh, old, strategy, next);
    } else {
      up(fresh, old, strategy, next);
      if (next.isEmpty()) {
        down(fresh, old, strategy, next);
      }
    }
    return next;
  }

  private static void recreate(
      Observed fresh, List<Observed> old, Strategy strategy, Map<Observed, Integer> next) {
    for (Observed each : old) {
      if (each.wanted() > 0) {
        next.put(each, 0);
      }
    }
    boolean oldGone = old.stream().allMatch(each -> each.wanted() == 0 && each.pods() == 0);
    if (oldGone && fresh.wanted() != strategy.replicas()) {
      next.put(fresh, strategy.replicas());
    }
  }

  private static void up(
      Observed fresh, List<Observed> old, Strategy strategy, Map<Observed, Integer> next) {
    int others = old.stream().mapToInt(Observed::wanted).sum();
    int room = strategy.replicas() + strategy.maxSurge() - others - fresh.wanted();
    int wanted =
        fresh.wanted() > strategy.replicas()
            ? strategy.replicas()
            : Math.min(strategy.replicas(), fresh.wanted() + Math.max(0, room));
    if (wanted != fresh.wanted()) {
      next.put(fresh, wanted);
    }
  }

  private static void down(
      Observed fresh, List<Observed> old, Strategy strategy, Map<Observed, Integer> next) {
    int available = fresh.available() + old.stream().mapToInt(Observed::available).sum();
    int spare = available - strategy.minAvailable();
    int cleanup = mayBeCleanedUp(fresh, old, strategy);
    for (Observed each : old) {
      int broken = Math.clamp(cleanup, 0, each.wanted() - each.available());
      cleanup -= broken;
      int healthy = Math.clamp(spare, 0, each.available());
      spare -= healthy;
      if (broken + healthy > 0) {
        next.put(each, each.wanted() - broken - healthy);
      }
    }
  }

  /// How many old pods that do not work may go. One of them may only be unready for a moment: those
  /// of the new template that do not work yet are no reason to give it up.
  private static int mayBeCleanedUp(Observed fresh, List<Observed> old, Strategy strategy) {
    int all = fresh.wanted() + old.stream().mapToInt(Observed::wanted).sum();
    int notYet = fresh.wanted() - fresh.available();
    return all - strategy.minAvailable() - notYet;
  }
}
