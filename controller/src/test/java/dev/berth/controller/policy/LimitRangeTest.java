package dev.berth.controller.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a LimitRange fills in and what it refuses.
class LimitRangeTest {
  private static JsonNode range(String item) {
    return Json.parse("{\"spec\": {\"limits\": [{" + item + "}]}}");
  }

  private static ObjectNode pod(String resources) {
    return Json.parseObject(
        "{\"spec\": {\"containers\": [{\"name\": \"a\", \"resources\": {" + resources + "}}]}}");
  }

  @Test
  void whatIsNotSaidIsFilledIn() {
    JsonNode range =
        range(
            "\"type\": \"Container\", \"default\": {\"cpu\": \"1\", \"memory\": \"1Gi\"},"
                + " \"defaultRequest\": {\"cpu\": \"100m\"}");
    ObjectNode pod = pod("\"limits\": {\"memory\": \"2Gi\"}");
    assertTrue(LimitRange.fill(range, pod));
    assertEquals(
        Json.parse(
            "{\"limits\": {\"memory\": \"2Gi\", \"cpu\": \"1\"}, \"requests\": {\"cpu\":"
                + " \"100m\"}}"),
        Json.at(pod, "spec", "containers").path(0).path("resources"));
    assertFalse(LimitRange.fill(range, pod));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "min | 100m | '' | 'minimum cpu usage per Container is 100m.  No request is specified'",
        "min | 100m | \"requests\": {\"cpu\": \"50m\"} | 'minimum cpu usage per Container is 100m,"
            + " but request is 50m'",
        "min | 100m | \"requests\": {\"cpu\": \"100m\"} | ''",
        "max | 1 | '' | 'maximum cpu usage per Container is 1.  No limit is specified'",
        "max | 1 | \"limits\": {\"cpu\": \"2\"} | 'maximum cpu usage per Container is 1, but limit"
            + " is 2'",
        "max | 1 | \"limits\": {\"cpu\": \"1000m\"} | ''",
        "maxLimitRequestRatio | 2 | \"limits\": {\"cpu\": \"3\"}, \"requests\": {\"cpu\": \"1\"} |"
            + " 'cpu max limit to request ratio per Container is 2, but provided ratio is"
            + " 3.000000'",
        "maxLimitRequestRatio | 2 | \"limits\": {\"cpu\": \"3\"} | 'cpu max limit to request ratio"
            + " per Container is 2, but no request is specified or request is 0'",
        "maxLimitRequestRatio | 2 | \"limits\": {\"cpu\": \"2\"}, \"requests\": {\"cpu\": \"1\"} |"
            + " ''"
      })
  void whatIsOutsideIsNamed(String bound, String amount, String resources, String problem) {
    JsonNode range =
        range("\"type\": \"Container\", \"" + bound + "\": {\"cpu\": \"" + amount + "\"}");
    assertEquals(
        problem.isEmpty() ? List.of() : List.of(problem),
        LimitRange.problemsOfPod(range, pod(resources)));
  }

  @Test
  void podsAreTheSumOfTheirContainers() {
    ObjectNode pod =
        Json.parseObject(
            """
            {"spec": {"containers": [
              {"name": "a", "resources": {"limits": {"memory": "600Mi"}}},
              {"name": "b", "resources": {"limits": {"memory": "600Mi"}}}]}}
            """);
    assertEquals(
        List.of("maximum memory usage per Pod is 1Gi, but limit is 1200Mi"),
        LimitRange.problemsOfPod(range("\"type\": \"Pod\", \"max\": {\"memory\": \"1Gi\"}"), pod));
  }

  @Test
  void claimsHaveLimitsToo() {
    JsonNode claim =
        Json.parse("{\"spec\": {\"resources\": {\"requests\": {\"storage\": \"2Gi\"}}}}");
    JsonNode range = range("\"type\": \"PersistentVolumeClaim\", \"max\": {\"storage\": \"1Gi\"}");
    assertEquals(
        List.of("maximum storage usage per PersistentVolumeClaim is 1Gi, but request is 2Gi"),
        LimitRange.problemsOfClaim(range, claim));
  }
}
