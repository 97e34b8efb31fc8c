package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
  @Test
  void threeDigitsCount() {
    assertEquals("0.0123", Figure.of(0.012_34));
    assertEquals("1.5", Figure.of(1.5));
    assertEquals("123", Figure.of(123.4));
    assertEquals("12346", Figure.of(12_345.6));
    assertEquals("0", Figure.of(0));
  }

  @Test
  void aMedianIsTheMiddle() {
    assertEquals(3, Figure.median(List.of(9.0, 1.0, 3.0)));
    assertEquals(2, Figure.median(List.of(3.0, 1.0)));
    assertThrows(IllegalArgumentException.class, () -> Figure.median(List.of()));
  }
}
