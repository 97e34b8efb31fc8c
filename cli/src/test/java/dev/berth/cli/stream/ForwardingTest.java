package dev.berth.cli.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ForwardingTest {
  /// What `nanoTime` says may be of any sign.
  @ParameterizedTest
  @CsvSource({
    // said all, heard, now, left
    "0, 0, 0, 30",
    "0, 0, 31, -1",
    // an answer that goes on
    "0, 3600, 3601, 29",
    // heard long ago, said all just now
    "3600, 0, 3610, 20",
    "-100, -80, -75, 25"
  })
  void theLastAnswerIsWaitedForSinceSomethingCame(long saidAll, long heard, long now, long left) {
    assertEquals(nanos(left), Forwarding.left(nanos(saidAll), nanos(heard), nanos(now)));
  }

  private static long nanos(long seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }
}
