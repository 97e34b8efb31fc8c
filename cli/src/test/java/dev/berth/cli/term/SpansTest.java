package dev.berth.cli.term;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpansTest {
  @ParameterizedTest
  @CsvSource({
    "90s,PT1M30S",
    "5m,PT5M",
    "250ms,PT0.25S",
    "2h,PT2H",
    "30,PT30S",
    "5x,",
    "-3s,",
    "'',"
  })
  void spansAreReadOrRefused(String text, Duration span) {
    assertEquals(Optional.ofNullable(span), Spans.parse(text));
  }

  @ParameterizedTest
  @CsvSource({"PT7S,7s", "PT1M59S,119s", "PT5M,5m", "PT5M3S,5m3s", "PT3H20M,3h20m", "PT72H,3d"})
  void spansAreWrittenShort(Duration span, String text) {
    assertEquals(text, Spans.format(span));
  }

  @ParameterizedTest
  @CsvSource({"0,0 B", "999,999 B", "58000,58 kB", "28300000,28.3 MB", "1240000000,1.24 GB"})
  void bytesHaveAUnit(long bytes, String text) {
    assertEquals(text, Spans.bytes(bytes));
  }
}
