package dev.berth.gitops.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import org.junit.jupiter.api.Test;

final class HealthTest {

  private static String modelApp(String contexts, String conditions) {
    String object =
        """
        {"kind": "ModelApp", "metadata": {"name": "digits", "generation": 2,
          "annotations": {"berth.dev/context-digest.model": "sha256:new"}},
         "status": {"observedGeneration": 2, "contexts": {%s}, "conditions": [%s]}}
        """
            .formatted(contexts, conditions);
    return Health.of(Json.parse(object)).state().word();
  }

  private static String condition(String type, String status, String reason) {
    return "{\"type\": \"%s\", \"status\": \"%s\", \"reason\": \"%s\", \"message\": \"m\"}"
        .formatted(type, status, reason);
  }

  @Test
  void aModelAppIsHealthyOnceItSpeaksOfTheNewestContext() {
    String ready = condition("Ready", "True", "Ready");
    String current = "\"model\": \"sha256:new\"";
    assertEquals("Progressing", modelApp("\"model\": \"sha256:old\"", ready));
    assertEquals("Healthy", modelApp(current, ready));
    assertEquals(
        "Progressing",
        modelApp(current, ready + "," + condition("Progressing", "True", "Rollout")));
    assertEquals(
        "Degraded", modelApp(current, ready + "," + condition("ImagesReady", "False", "Failed")));
    assertEquals(
        "Progressing",
        modelApp(
            current,
            condition("Ready", "False", "Waiting")
                + ","
                + condition("ImagesReady", "False", "Building")));
  }
}
