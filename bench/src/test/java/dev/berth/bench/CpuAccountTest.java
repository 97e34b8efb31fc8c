package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CpuAccountTest {
  @Test
  void versionTwoTellsMicroseconds() {
    assertEquals(
        1.5, CpuAccount.statSeconds("usage_usec 1500000\nuser_usec 1000000\nsystem_usec 500000\n"));
  }
}
