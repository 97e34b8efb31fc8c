package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.network.Admission.Verdict;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private final Admission<Integer> admission = new Admission<>();

  private long admitted(int from, int tries) {
    return IntStream.range(0, tries).filter(_ -> admission.admit(from) == Verdict.ADMITTED).count();
  }

  @Test
  void anAddressHoldsSoManyAndOneMoreWhenOneHasLeft() {
    assertEquals(Admission.MOST_OF_ONE, admitted(1, 1000));
    assertEquals(Verdict.TOO_MANY_OF_ONE, admission.admit(1));
    admission.leave(1);
    assertEquals(Verdict.ADMITTED, admission.admit(1));
    assertEquals(Verdict.TOO_MANY_OF_ONE, admission.admit(1));
  }

  @Test
  void whoTakesAllDoesNotLockOutTheOthers() {
    for (int pod = 0; pod < Admission.MOST / Admission.MOST_OF_ONE; pod++) {
      assertEquals(Admission.MOST_OF_ONE, admitted(pod, 300));
    }
    assertEquals(Admission.ALWAYS, admitted(100, 300));
    assertEquals(Verdict.FULL, admission.admit(100));
    assertEquals(Admission.ALWAYS, admitted(101, 300));
  }

  @Test
  void nothingGoesBeyondTheCap() {
    long all = IntStream.range(0, 2000).mapToLong(pod -> admitted(pod, 300)).sum();
    assertEquals(Admission.CAP, all);
    assertEquals(Verdict.FULL, admission.admit(5000));
  }

  @Test
  void whatHasLeftLeavesRoomForAll() {
    long before = IntStream.range(0, 2000).mapToLong(pod -> admitted(pod, 300)).sum();
    IntStream.range(0, 2000)
        .forEach(pod -> IntStream.range(0, 300).forEach(_ -> admission.leave(pod)));
    assertEquals(before, IntStream.range(0, 2000).mapToLong(pod -> admitted(pod, 300)).sum());
  }
}
