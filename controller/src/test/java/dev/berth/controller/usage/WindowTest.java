package dev.berth.controller.usage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WindowTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static Sample sample(long millis, long cpuMillis, Map<String, Sample.Use> containers) {
    return new Sample(
        NOON.plusMillis(millis),
        new Sample.Use(cpuMillis * 1_000_000, 2 << 20),
        Map.of("u", containers));
  }

  private static Sample.Use use(long cpuMillis) {
    return new Sample.Use(cpuMillis * 1_000_000, 3 << 10);
  }

  @Test
  void aRateIsWhatWasUsedInTheWindow() {
    Window window = new Window(sample(0, 1_000, Map.of()), sample(1_500, 1_300, Map.of()));

    assertEquals(
        "{\"timestamp\":\"2026-01-01T12:00:01Z\",\"window\":\"1.5s\","
            + "\"usage\":{\"cpu\":\"200m\",\"memory\":\"2Mi\"}}",
        window.node().orElseThrow().toString());
  }

  @Test
  void aPodIsTheListOfItsContainers() {
    Window window =
        new Window(
            sample(0, 0, Map.of("b", use(0), "a", use(10))),
            sample(2_000, 0, Map.of("b", use(1), "a", use(10))));

    assertEquals(
        "[{\"name\":\"a\",\"usage\":{\"cpu\":\"0\",\"memory\":\"3Ki\"}},"
            + "{\"name\":\"b\",\"usage\":{\"cpu\":\"500u\",\"memory\":\"3Ki\"}}]",
        window.pod("u").orElseThrow().path("containers").toString());
  }

  @Test
  void aContainerThatBeganInTheWindowLeavesItsPodOut() {
    Sample before = sample(0, 0, Map.of("a", use(10)));
    assertTrue(
        new Window(before, sample(2_000, 0, Map.of("a", use(10), "b", use(1)))).pod("u").isEmpty());
    assertTrue(new Window(before, sample(2_000, 0, Map.of("a", use(9)))).pod("u").isEmpty());
    assertTrue(new Window(before, before).pod("other").isEmpty());
  }

  @Test
  void aNodesClockThatStoodOrJumpedBackMakesNoRate() {
    assertTrue(new Window(sample(0, 0, Map.of()), sample(0, 5, Map.of())).node().isEmpty());
    assertTrue(new Window(sample(0, 0, Map.of()), sample(-9_000, 5, Map.of())).node().isEmpty());
  }

  @Test
  void whatAnAgentLeavesOutIsNoError() {
    assertTrue(Sample.of(Json.parseObject("{\"pods\":[1,{}],\"node\":7}")).isEmpty());
    assertEquals(
        new Sample.Use(0, 0),
        Sample.of(Json.parseObject("{\"at\":\"2026-01-01T12:00:00.5Z\",\"pods\":7}"))
            .orElseThrow()
            .node());
  }
}
