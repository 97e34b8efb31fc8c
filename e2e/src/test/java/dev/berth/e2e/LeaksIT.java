package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/// Runs last (junit-platform.properties): whatever the suite started, nothing of it may be left.
@Order(Integer.MAX_VALUE)
class LeaksIT {
  @Test
  void theSuiteLeavesNothingBehind() throws IOException, InterruptedException {
    assertEquals(List.of(), Leaks.found());
  }
}
