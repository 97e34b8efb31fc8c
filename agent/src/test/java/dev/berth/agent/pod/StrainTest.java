package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.cgroup.Limited;
import dev.berth.agent.diagnosis.Diagnosis;
import dev.berth.api.Reason;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrainTest {
  private static final Instant START = Instant.parse("2026-11-22T18:00:00Z");

  private static Limited seen(long forks, long kills) {
    return new Limited(64 << 20, 63 << 20, kills, 50, forks);
  }

  private static Optional<Reason> reason(Strain s, Limited l, long seconds) {
    return s.diagnosis(l, START.plusSeconds(seconds)).map(Diagnosis::reason);
  }

  @Test
  void refusedForksAreToldWhileTheyGoOnAndAMinuteAfter() {
    Strain s = Strain.NONE.next(seen(3, 0), START).next(seen(9, 0), START.plusSeconds(30));
    assertEquals(Optional.of(Reason.TOO_MANY_PROCESSES), reason(s, seen(9, 0), 30));
    Strain still = s.next(seen(9, 0), START.plusSeconds(89));
    assertEquals(Optional.of(Reason.TOO_MANY_PROCESSES), reason(still, seen(9, 0), 89));
    assertEquals(Optional.empty(), reason(still, seen(9, 0), 90));
  }

  @Test
  void theMessageNamesLimitAndCount() {
    assertEquals(
        "the container wants more than its 50 processes and threads: 3 were refused so far",
        Strain.NONE
            .next(seen(3, 0), START)
            .diagnosis(seen(3, 0), START)
            .map(Diagnosis::message)
            .orElse(""));
  }

  @Test
  void aChildThatWasKilledForMemoryIsToldWithLimitAndPeak() {
    assertEquals(
        Optional.of(
            new Diagnosis(
                Reason.OUT_OF_MEMORY,
                "a process of the container ran out of memory and was killed: the limit is 64 MiB,"
                    + " it had used 63 MiB")),
        Strain.NONE.next(seen(3, 1), START).diagnosis(seen(3, 1), START));
  }

  @Test
  void whatWasRefusedBeforeAnAgentCameIsNoNews() {
    Strain s = Strain.before(seen(7, 2)).next(seen(7, 2), START);
    assertEquals(Optional.empty(), reason(s, seen(7, 2), 0));
    assertEquals(
        Optional.of(Reason.TOO_MANY_PROCESSES), reason(s.next(seen(8, 2), START), seen(8, 2), 1));
  }

  @Test
  void nothingRefusedIsNothingTold() {
    assertEquals(Optional.empty(), reason(Strain.NONE.next(seen(0, 0), START), seen(0, 0), 0));
  }
}
