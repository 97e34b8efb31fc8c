package dev.berth.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SignalsTest {
  @ParameterizedTest
  @CsvSource({
    "SIGKILL, 9",
    "KILL, 9",
    "term, 15",
    "9, 9",
    "SIGABRT, 6",
    "SIGSYS, 31",
    "SIGRTMIN, 34",
    "SIGRTMIN+3, 37",
    "SIGRTMAX, 64",
    "RTMAX-1, 63"
  })
  void everySpellingHasItsNumber(String text, int number) {
    assertEquals(OptionalInt.of(number), Signals.number(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"SIGFOO", "", "0", "65", "SIG", "SIGRTMIN-1", "SIGRTMAX+1"})
  void whatIsNoSignalHasNone(String text) {
    assertEquals(OptionalInt.empty(), Signals.number(text));
  }

  @Test
  void numbersHaveTheirNames() {
    assertEquals("SIGTERM", Signals.name(15));
    assertEquals("signal 40", Signals.name(40));
  }
}
