package dev.berth.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodRunnerTest {
  private static ObjectNode pod(String... states) {
    ObjectNode pod = Manifests.pod("a", "bench:1", 2);
    ObjectNode status = pod.putObject("status").put("phase", "Running");
    for (String state : states) {
      status.withArray("containerStatuses").addObject().putObject("state").putObject(state);
    }
    return pod;
  }

  @Test
  void runsWhenEveryContainerDoes() {
    assertTrue(PodRunner.runs(pod("running", "running")));
    assertFalse(PodRunner.runs(pod("running", "waiting")));
    assertFalse(PodRunner.runs(pod("running")), "the other is not told yet");
    assertFalse(PodRunner.runs(Json.object()));
  }
}
