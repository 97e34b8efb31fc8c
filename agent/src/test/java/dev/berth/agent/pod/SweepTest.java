package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;

class SweepTest {
  @Test
  void onlyPodsThatTheApiForgotAreSweptAway() {
    assertTrue(Pods.orphaned("gone", Set.of("known")));
    assertFalse(Pods.orphaned("known", Set.of("known")));
    assertFalse(Pods.orphaned("build-7f3a", Set.of("known")));
  }
}
