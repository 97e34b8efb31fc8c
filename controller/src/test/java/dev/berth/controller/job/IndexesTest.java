package dev.berth.controller.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexesTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0-1", "0,2", "0-3,5,7-9"})
  void whatIsWrittenIsReadBack(String text) {
    assertEquals(text, Indexes.format(Indexes.parse(text)));
  }
}
