package dev.berth.controller.apiserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class EvictionsTest {
  private static ObjectNode pod(String app, boolean ready) {
    return Json.parseObject(
        "{\"metadata\":{\"name\":\"p\",\"labels\":{\"app\":\"%s\"}},\"status\":{\"conditions\":[{\"type\":\"Ready\",\"status\":\"%s\"}]}}"
            .formatted(app, ready ? "True" : "False"));
  }

  @ParameterizedTest
  @CsvSource({
    "minAvailable,   2,      3, 0, true",
    "minAvailable,   3,      3, 0, false",
    "minAvailable,   2,      2, 1, false",
    "maxUnavailable, 1,      3, 0, true",
    "maxUnavailable, 0,      3, 0, false",
    "maxUnavailable, 1,      2, 1, false",
    "minAvailable,   50%,    4, 0, true",
    "minAvailable,   100%,   4, 0, false",
    "maxUnavailable, 34%,    3, 0, true"
  })
  void aBudgetAllowsWhatLeavesEnough(
      String field, String amount, int healthy, int sick, boolean allowed) {
    String value = amount.endsWith("%") ? "\"" + amount + "\"" : amount;
    ObjectNode budget =
        Json.parseObject(
            "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"a\"}},\"%s\":%s}}"
                .formatted(field, value));
    List<ObjectNode> pods = new ArrayList<>();
    for (int i = 0; i < healthy + sick; i++) {
      pods.add(pod("a", i < healthy));
    }
    pods.add(pod("other", true));
    assertEquals(allowed, Evictions.problem(budget, pods.getFirst(), pods).isEmpty());
    assertEquals(true, Evictions.problem(budget, pod("other", true), pods).isEmpty());
  }
}
