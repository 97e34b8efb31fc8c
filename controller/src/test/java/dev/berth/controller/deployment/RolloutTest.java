package dev.berth.controller.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// The arithmetic of rolling updates against random luck.
class RolloutTest {
  private static ObjectNode set(String name) {
    ObjectNode set = Json.object();
    Json.meta(set).put("name", name);
    return set;
  }

  private static Observed observed(String name, int wanted, int available) {
    return new Observed(set(name), wanted, wanted, available, Math.min(available, wanted));
  }

  @Test
  void neverBelowWhatMustStayAvailableNeverAboveTheSurgeAndAlwaysDone() {
    for (long seed = 1; seed <= 2_000; seed++) {
      Random random = new Random(seed);
      int replicas = 1 + random.nextInt(12);
      int surge = random.nextInt(4);
      int unavailable = surge == 0 ? 1 : random.nextInt(replicas + 1);
      Strategy strategy = new Strategy(false, replicas, surge, unavailable);
      Observed fresh = observed("new", 0, 0);
      Observed old = observed("old", replicas, replicas);
      for (int round = 0; round < 200 && !isDone(fresh, old, strategy); round++) {
        Map<Observed, Integer> next = Rollout.step(fresh, List.of(old), strategy);
        int newWanted = next.getOrDefault(fresh, fresh.wanted());
        int oldWanted = next.getOrDefault(old, old.wanted());
        int ready = Math.min(newWanted, fresh.available() + random.nextInt(3));
        fresh = observed("new", newWanted, ready);
        old = observed("old", oldWanted, oldWanted);
        int available = fresh.available() + old.available();
        assertTrue(available >= strategy.minAvailable(), "seed " + seed + ": " + fresh + old);
        assertTrue(newWanted + oldWanted <= replicas + surge, "seed " + seed + ": " + fresh + old);
      }
      assertTrue(isDone(fresh, old, strategy), "seed " + seed + ": " + fresh + old);
    }
  }

  /// The new pod crash-loops, and the old one is unready for a moment.
  @Test
  void aPodThatIsUnreadyForAMomentIsNotTakenWhileTheNewOnesDoNotWork() {
    Observed fresh = observed("new", 1, 0);
    Observed old = observed("old", 1, 0);
    assertEquals(Map.of(), Rollout.step(fresh, List.of(old), new Strategy(false, 1, 1, 0)));
  }

  @Test
  void pinnedOldPodsThatDoNotWorkMakeRoomAsFarAsTheMinimumAllows() {
    Observed fresh = observed("new", 1, 1);
    Observed old = observed("old", 4, 3);
    Strategy strategy = new Strategy(false, 4, 1, 1);
    assertEquals(Map.of(old, 2), Rollout.step(fresh, List.of(old), strategy));
  }

  private static boolean isDone(Observed fresh, Observed old, Strategy strategy) {
    return fresh.available() == strategy.replicas() && old.wanted() == 0;
  }

  @Test
  void surgeIsRoundedUpAndUnavailabilityDown() {
    ObjectNode deployment = Json.parseObject("{\"spec\":{\"replicas\":3}}");
    assertEquals(new Strategy(false, 3, 1, 0), Strategy.of(deployment));
  }
}
