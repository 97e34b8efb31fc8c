package dev.berth.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// The fast way of reading a time reads what the library reads.
class TimesTest {
  private static Optional<Instant> byLibrary(String text) {
    try {
      return Optional.of(OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Test
  void whateverIsWrittenIsReadAsTheLibraryReadsIt() {
    Random random = new Random(4);
    for (int i = 0; i < 2_000; i++) {
      long seconds = random.nextLong(-62_000_000_000L, 200_000_000_000L);
      Instant time = Instant.ofEpochSecond(seconds, random.nextInt(1_000_000) * 1_000L);
      for (String text : new String[] {Times.format(time), Times.formatMicro(time)}) {
        assertEquals(byLibrary(text), Times.parse(text), text);
        assertEquals(Instant.parse(text), Times.parse(text).orElseThrow(), text);
        char[] changed = text.toCharArray();
        changed[random.nextInt(changed.length)] = "0123456789-:.TZ x".charAt(random.nextInt(17));
        String other = new String(changed);
        assertEquals(byLibrary(other), Times.parse(other), other);
      }
    }
  }
}
