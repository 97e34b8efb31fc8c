package dev.berth.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
  private static final List<String> VERBS =
      List.of("up", "down", "apply", "get", "describe", "delete", "logs", "status");

  @ParameterizedTest
  @CsvSource({
    "aply,apply",
    "appyl,apply",
    "log,logs",
    "desc,describe",
    "dwon,down",
    "gte,get",
    "frobnicate,",
    "x,",
    "run,"
  })
  void aSlipFindsItsWordAndAStrangerNone(String typed, String meant) {
    assertEquals(Optional.ofNullable(meant), Nearest.of(typed, VERBS));
  }
}
