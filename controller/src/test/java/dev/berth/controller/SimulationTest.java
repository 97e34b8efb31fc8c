package dev.berth.controller;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever the luck, what was asked for runs in the end and what was acknowledged is there.
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("berth.simulation.seeds", 100);

  @Test
  void aHundredSeedsConvergeAndLoseNothing() {
    converge(1, SEEDS);
  }

  @Test
  @Tag("long")
  void thousandsOfSeedsConvergeAndLoseNothing() {
    converge(1_000, 5_000);
  }

  private static void converge(long first, int count) {
    for (long seed = first; seed < first + count; seed++) {
      List<String> violations = new Simulation(seed).run();
      assertTrue(violations.isEmpty(), "seed " + seed + ": " + violations);
    }
  }

  @Test
  void theSameSeedGivesTheSameHistory() {
    assertEquals(history(42), history(42));
  }

  private static int history(long seed) {
    Simulation simulation = new Simulation(seed);
    simulation.run();
    return simulation.fingerprint();
  }
}
