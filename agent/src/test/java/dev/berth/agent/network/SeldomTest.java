package dev.berth.agent.network;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeldomTest {
  private Instant now = Instant.EPOCH;
  private final Seldom seldom = new Seldom(() -> now);

  private long told(int from, int to) {
    return IntStream.range(from, to).filter(i -> seldom.tell(i)).count();
  }

  @Test
  void ofEachThingOnceInAPeriod() {
    assertEquals(1, IntStream.range(0, 10_000).filter(_ -> seldom.tell("a")).count());
    assertTrue(seldom.tell("b"));
    now = now.plus(Seldom.PERIOD).minus(Duration.ofMillis(1));
    assertFalse(seldom.tell("a"));
    now = now.plusMillis(1);
    assertTrue(seldom.tell("a"));
    assertFalse(seldom.tell("a"));
  }

  @Test
  void ofSoManyThingsAndNoMoreUntilTheFirstAreOld() {
    assertEquals(Seldom.MOST, told(0, 5000));
    now = now.plus(Seldom.PERIOD);
    assertEquals(Seldom.MOST, told(5000, 10_000));
  }
}
