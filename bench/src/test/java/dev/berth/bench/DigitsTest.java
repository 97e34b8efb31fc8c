package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DigitsTest {
  @Test
  void theScriptStartsFromTheBaseThatHasItsPackages() {
    String script =
        """
        FROM debian:bookworm-slim AS train
        RUN apt-get update && apt-get install -y python3-numpy && rm -rf /var/lib/apt/lists/*
        RUN python3 train.py
        """;
    assertEquals(
        "FROM digits-base:1 AS train\nRUN python3 train.py\n",
        Digits.offline(script, "digits-base:1"));
  }
}
