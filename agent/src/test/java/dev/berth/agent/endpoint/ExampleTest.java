package dev.berth.agent.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

class ExampleTest {
  private static ObjectNode metadata(int tensors, long... shape) {
    ObjectNode metadata = Json.object();
    ArrayNode inputs = metadata.putArray("inputs");
    for (int i = 0; i < tensors; i++) {
      ArrayNode dimensions =
          inputs.addObject().put("name", "t" + i).put("datatype", "FP32").putArray("shape");
      for (long d : shape) {
        dimensions.add(d);
      }
    }
    return metadata;
  }

  @Test
  void variableDimensionsBecomeOne() {
    assertEquals(
        "[0.0,0.0]",
        Example.zeros(metadata(1, -1, 2)).orElseThrow().at("/inputs/0/data").toString());
  }

  @Test
  void oneBudgetHoldsForAllTensors() {
    assertTrue(Example.zeros(metadata(1_000, 1_000)).isPresent());
    assertTrue(Example.zeros(metadata(1_000, 1_001)).isEmpty());
    assertTrue(Example.zeros(metadata(1_000, 1_000_000)).isEmpty());
  }

  @Test
  void dimensionsThatOverflowAreManyElementsAndNotNone() {
    long large = 1L << 32;
    assertTrue(Example.zeros(metadata(1, large, large)).isEmpty());
    assertTrue(Example.zeros(metadata(3, Long.MAX_VALUE)).isEmpty());
  }

  @Test
  void whatOneCallHoldsIsThereAgainWhenItIsOver() {
    CallMemory memory = new CallMemory(1024);
    long all = Math.max(1024, Runtime.getRuntime().maxMemory() / 2) / 1024 * 1024;
    CallMemory.Held first = memory.hold();
    try (CallMemory.Held other = memory.hold()) {
      assertTrue(first.take(all));
      assertFalse(other.take(1));
      first.close();
      assertTrue(other.take(all));
      assertFalse(first.take(0), "it is over");
    }
  }

  /// A model that streams sends many.
  @Test
  void smallPiecesTakeNoMoreThanTheyAre() {
    CallMemory memory = new CallMemory(1024);
    try (CallMemory.Held all = memory.hold();
        CallMemory.Held other = memory.hold()) {
      long room = Math.max(1024, Runtime.getRuntime().maxMemory() / 2) / 1024 * 1024;
      assertTrue(all.take(room - 1024));
      for (int i = 0; i < 1024; i++) {
        assertTrue(other.take(1));
      }
      assertFalse(other.take(1));
    }
  }
}
