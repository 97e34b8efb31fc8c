package dev.berth.agent.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.endpoint.Traffic.Point;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrafficTest {
  private static final long MILLI = 1_000_000;
  private static final Traffic.Key R1 = new Traffic.Key("ns", "digits", "r1");
  private Instant now = Instant.ofEpochSecond(1_000_000_000);
  private final Traffic traffic = new Traffic(() -> now);

  private List<Long> times() {
    return traffic.rows(0).stream().flatMap(row -> row.points().stream()).map(Point::at).toList();
  }

  @Test
  void stepsAreAlignedAndThoseWithoutCallsAreNotThere() {
    traffic.count(R1, false, MILLI);
    now = now.plusSeconds(4);
    traffic.count(R1, true, MILLI);
    now = now.plusSeconds(11);
    traffic.count(R1, false, MILLI);
    assertEquals(List.of(1_000_000_000L, 1_000_000_015L), times());
    Point first = traffic.rows(0).getFirst().points().getFirst();
    assertEquals(2, first.requests());
    assertEquals(1, first.errors());
    assertEquals(
        List.of(1_000_000_015L),
        traffic.rows(1_000_000_001).getFirst().points().stream().map(Point::at).toList());
  }

  @Test
  void whatIsOlderThanFiveMinutesIsForgotten() {
    traffic.count(R1, false, MILLI);
    now = now.plusSeconds(299);
    traffic.count(R1, false, MILLI);
    assertEquals(2, times().size());
    now = now.plusSeconds(1);
    assertEquals(List.of(1_000_000_295L), times());
    traffic.count(R1, false, MILLI);
    assertEquals(List.of(1_000_000_295L, 1_000_000_300L), times());
    now = now.plusSeconds(400);
    assertEquals(List.of(), traffic.rows(0));
  }

  @Test
  void aTimeFallsBelowTheBoundThatItIsCountedUnder() {
    double[] bounds = Traffic.boundsMillis();
    for (long nanos = 1; nanos < 300_000L * MILLI; nanos = nanos * 3 / 2 + 1) {
      int bucket = Traffic.bucket(nanos);
      double millis = nanos / 1e6;
      assertTrue(bucket == bounds.length || millis <= bounds[bucket] * 1.0001, "" + nanos);
      assertTrue(bucket == 0 || millis > bounds[bucket - 1] * 0.9999, "" + nanos);
    }
    assertEquals(0, Traffic.bucket(0));
    assertEquals(bounds.length, Traffic.bucket(Long.MAX_VALUE));
  }

  @Test
  void theQuietestMakesRoom() {
    for (int i = 0; i <= Traffic.MOST_ROWS; i++) {
      traffic.count(new Traffic.Key("ns", "app" + i, "r1"), false, MILLI);
      now = now.plusSeconds(i == 0 ? Traffic.STEP_SECONDS : 0);
    }
    assertEquals(Traffic.MOST_ROWS, traffic.rows(0).size());
    assertTrue(
        traffic.rows(0).stream().noneMatch(row -> row.key().modelApp().equals("app0")),
        "the first was quiet for longest");
  }
}
