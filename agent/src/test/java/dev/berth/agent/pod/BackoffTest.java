package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void pausesDoubleUpToFiveMinutes() {
    List<Long> pauses =
        Stream.iterate(Backoff.NONE, b -> b.after(Duration.ZERO))
            .skip(1)
            .limit(8)
            .map(b -> b.pause().toSeconds())
            .toList();
    assertEquals(List.of(0L, 10L, 20L, 40L, 80L, 160L, 300L, 300L), pauses);
  }

  @Test
  void aLongRunStartsAnew() {
    assertEquals(Duration.ZERO, new Backoff(7).after(Duration.ofMinutes(10)).pause());
  }

  @Test
  void referencesInVariablesExpandOnce() {
    Map<String, String> known = Map.of("A", "$(B)", "B", "x");
    assertEquals("$(B) x $(B) $(C)", Environment.expand("$(A) $(B) $$(B) $(C)", known));
  }
}
