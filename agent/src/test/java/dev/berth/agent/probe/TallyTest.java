package dev.berth.agent.probe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.probe.Tally.News;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Outcome BAD = Outcome.bad("answered 503");
  private static final Outcome GOOD = Outcome.good();

  private static Tally tally(int periodSeconds, int successes, int failures) {
    return new Tally(
        new Probe(
            new Probe.Handler.Tcp(80),
            Duration.ZERO,
            Duration.ofSeconds(periodSeconds),
            Duration.ofSeconds(1),
            successes,
            failures));
  }

  @Test
  void failuresCountOncePerPeriodHoweverOftenItAsks() {
    Tally tally = tally(10, 1, 3);
    for (int millis = 0; millis < 20_000; millis += 500) {
      assertEquals(News.NONE, tally.take(BAD, Duration.ofMillis(millis)), "after " + millis);
    }
    assertEquals(News.VERDICT, tally.take(BAD, Duration.ofSeconds(20)));
  }

  @Test
  void aSuccessCountsAtOnceAndIsToldOnce() {
    Tally tally = tally(10, 1, 3);
    assertEquals(News.VERDICT, tally.take(GOOD, Duration.ofMillis(500)));
    assertEquals(News.NONE, tally.take(GOOD, Duration.ofSeconds(10)));
  }

  @Test
  void aSuccessForgetsTheFailuresBeforeIt() {
    Tally tally = tally(1, 1, 2);
    tally.take(BAD, Duration.ZERO);
    tally.take(GOOD, Duration.ofSeconds(1));
    assertEquals(News.NONE, tally.take(BAD, Duration.ofSeconds(2)));
    assertEquals(News.VERDICT, tally.take(BAD, Duration.ofSeconds(3)));
  }

  @Test
  void anotherProtocolIsNews() {
    Tally tally = tally(5, 1, 3);
    assertEquals(News.VERDICT, tally.take(Outcome.speaks("Http"), Duration.ZERO));
    assertEquals(News.NONE, tally.take(Outcome.speaks("Http"), Duration.ofSeconds(5)));
    assertEquals(News.VERDICT, tally.take(Outcome.speaks("OpenAI"), Duration.ofSeconds(10)));
    assertEquals(News.NONE, tally.take(Outcome.speaks("OpenAI"), Duration.ofSeconds(15)));
  }

  private static final Sockets.Listener ON_8000 =
      new Sockets.Listener(8000, Sockets.Reach.EVERYWHERE, false);

  @Test
  void anotherPortIsToldBeforeTheThreshold() {
    Tally tally = tally(10, 1, 3);
    Outcome elsewhere = Sockets.refused(java.util.List.of(ON_8000), 8080);
    assertEquals(News.NONE, tally.take(elsewhere, Duration.ofMillis(500)));
    assertEquals(News.EARLY, tally.take(elsewhere, Duration.ofSeconds(2)));
  }

  @Test
  void aContainerThatListensNowhereYetIsGivenItsTime() {
    Tally tally = tally(10, 1, 3);
    Outcome nowhere = Sockets.refused(java.util.List.of(), 8080);
    assertEquals(News.NONE, tally.take(nowhere, Duration.ofSeconds(9)));
    assertEquals(News.EARLY, tally.take(nowhere, Duration.ofSeconds(10)));
  }
}
