package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.container.ExitStatus;
import dev.berth.agent.pod.PodSpec.RestartPolicy;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RestartTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static Restart after(int code, RestartPolicy policy, int failures) {
    return Restart.after(
        new ExitStatus(code, 0, NOW, false),
        policy,
        false,
        new Backoff(failures),
        NOW,
        failures + 1,
        NOW);
  }

  @Test
  void theFirstRestartComesAtOnceAndTheNextOnesNameTheirTime() {
    assertEquals("ContainerCreating", after(1, RestartPolicy.ALWAYS, 0).waiting().reason());
    ContainerState.Waiting fourth = after(1, RestartPolicy.ALWAYS, 3).waiting();
    assertEquals("CrashLoopBackOff", fourth.reason());
    assertEquals("restarted 4 times; next try at 2026-01-01T00:00:40Z (in 40 s)", fourth.message());
  }

  @Test
  void thePolicyDecides() {
    assertTrue(after(0, RestartPolicy.ALWAYS, 0).again());
    assertFalse(after(0, RestartPolicy.ON_FAILURE, 0).again());
    assertTrue(after(1, RestartPolicy.ON_FAILURE, 0).again());
    assertFalse(after(1, RestartPolicy.NEVER, 0).again());
  }

  @Test
  void initContainersRunUntilTheySucceedAndSidecarsAlways() {
    assertEquals(RestartPolicy.ON_FAILURE, Restart.policy(PodSpec.Role.INIT, RestartPolicy.ALWAYS));
    assertEquals(RestartPolicy.NEVER, Restart.policy(PodSpec.Role.INIT, RestartPolicy.NEVER));
    assertEquals(RestartPolicy.ALWAYS, Restart.policy(PodSpec.Role.SIDECAR, RestartPolicy.NEVER));
    assertEquals(RestartPolicy.NEVER, Restart.policy(PodSpec.Role.MAIN, RestartPolicy.NEVER));
  }

  @Test
  void oneThatUsesNoCpuHangs() {
    Hang sample = new Hang(NOW, 0);
    assertFalse(sample.hangs(NOW, NOW.plusSeconds(2), 0), "too early to say");
    assertTrue(sample.hangs(NOW, NOW.plusSeconds(4), 1_000_000));
    assertFalse(sample.hangs(NOW, NOW.plusSeconds(4), 3_000_000_000L), "it loads");
    assertTrue(sample.hangs(NOW, NOW.plusSeconds(120), 100_000_000_000L), "for too long");
  }
}
