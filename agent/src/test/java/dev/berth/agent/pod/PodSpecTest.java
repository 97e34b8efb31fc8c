package dev.berth.agent.pod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.probe.Probe;
import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class PodSpecTest {
  private static PodSpec.ContainerWish model(String annotations) {
    String text =
        "{\"metadata\":{\"name\":\"p\",\"namespace\":\"n\",\"uid\":\"u\",\"annotations\":{"
            + annotations
            + "}},\"spec\":{\"containers\":[{\"name\":\"model\",\"image\":\"m:1\"}]}}";
    ObjectNode pod = (ObjectNode) Json.parse(text.getBytes(StandardCharsets.UTF_8));
    return PodSpec.read(pod).containers().getFirst();
  }

  @Test
  void detectionOfAModelIsBoundedByItsStartupTimeout() {
    Probe startup =
        model("\"berth.dev/protocol\":\"auto\",\"berth.dev/startup-timeout\":\"120\"")
            .startup()
            .orElseThrow();
    assertEquals(120, startup.period().toSeconds() * (startup.failures() - 1));
  }

  @Test
  void aDeclaredProtocolHasNoStartupProbeOfOurs() {
    assertTrue(
        model("\"berth.dev/protocol\":\"openai\",\"berth.dev/startup-timeout\":\"120\"")
            .startup()
            .isEmpty());
  }

  @Test
  void theTimeOfAStartIsWhatTheAnnotationGives() {
    assertEquals(
        Duration.ofMinutes(2),
        model("\"berth.dev/protocol\":\"openai\",\"berth.dev/startup-timeout\":\"120\"")
            .startTime());
    assertEquals(Duration.ZERO, model("").startTime());
  }
}
