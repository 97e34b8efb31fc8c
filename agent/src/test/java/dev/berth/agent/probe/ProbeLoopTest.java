package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ProbeLoopTest {
  /// Time passes only when the loop waits; after the last pause it is closed.
  private static final class Pauses implements ProbeTimer {
    final List<Duration> taken = new ArrayList<>();
    private final int rounds;
    private Duration now = Duration.ZERO;

    Pauses(int rounds) {
      this.rounds = rounds;
    }

    @Override
    public long nanos() {
      return now.toNanos();
    }

    @Override
    public boolean pause(Duration time, CountDownLatch closed) {
      taken.add(time);
      now = now.plus(time);
      return taken.size() <= rounds;
    }
  }

  private static final Probe PROBE = Probe.every(Duration.ofSeconds(5), new Probe.Handler.Tcp(80));

  @Test
  void asksTwiceASecondUntilTheFirstGoodAnswer() {
    Pauses pauses = new Pauses(3);
    List<Outcome> answers =
        new ArrayList<>(List.of(Outcome.bad("no"), Outcome.good(), Outcome.good()));
    new ProbeLoop(true, PROBE, answers::removeFirst, pauses, (_, _) -> {}).run();
    assertEquals(
        List.of(
            Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(5), Duration.ofSeconds(5)),
        pauses.taken);
  }

  @Test
  void tellsEarlyWhatWillNotChangeAndTheVerdictAtTheThreshold() {
    List<String> heard = new ArrayList<>();
    Pauses pauses = new Pauses(21);
    Outcome elsewhere = Outcome.bad(Reason.PORT_NOT_LISTENING, "elsewhere");
    new ProbeLoop(
            true,
            PROBE,
            () -> elsewhere,
            pauses,
            (_, verdict) -> heard.add(pauses.now.toMillis() + (verdict ? " verdict" : " early")))
        .run();
    assertEquals("2000 early", heard.getFirst());
    assertTrue(heard.contains("10000 verdict"), heard.toString());
  }

  @Test
  void aQuestionThatCannotBePutIsABadAnswer() {
    Pauses pauses = new Pauses(3);
    ProbeLoop loop =
        new ProbeLoop(
            false,
            PROBE,
            () -> {
              throw new IllegalStateException("no such process");
            },
            pauses,
            (_, _) -> {});
    loop.run();
    assertEquals("no such process", loop.last().answer());
  }
}
