package dev.berth.controller.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What a ModelApp's pods look like.
class ExpansionTest {
  private static JsonNode template(String spec) {
    World world = new World(spec).perform();
    return Json.at(world.deployment("digits-model-r1"), "spec", "template");
  }

  private static JsonNode container(JsonNode template) {
    return Json.at(template, "spec", "containers").path(0);
  }

  @Test
  void aProbeOfThePodTemplateTakesThePlaceOfOurs() {
    JsonNode container =
        container(
            template(
                """
                {"model":{"image":"m:1","health":{"startupTimeout":"90s"},
                          "podTemplate":{"containers":[{"name":"model",
                            "readinessProbe":{"exec":{"command":["true"]},"periodSeconds":7}}]}},
                 "endpoint":{"protocol":"http"}}\
                """));
    JsonNode ready = container.path("readinessProbe");
    assertEquals(Json.parse("{\"exec\":{\"command\":[\"true\"]},\"periodSeconds\":7}"), ready);
    JsonNode startup = container.path("startupProbe");
    assertTrue(startup.has("exec") && !startup.has("tcpSocket"), startup.toString());
    assertEquals(90, startup.path("failureThreshold").asInt());
  }

  @Test
  void theStartupTimeoutReachesTheAgentAlsoWithoutAProbe() {
    JsonNode template =
        template("{\"model\":{\"image\":\"m:1\",\"health\":{\"startupTimeout\":\"90s\"}}}");
    assertEquals("90", Json.annotation(template, "berth.dev/startup-timeout").orElse(""));
    assertEquals("auto", Json.annotation(template, "berth.dev/protocol").orElse(""));
    assertTrue(!container(template).has("startupProbe"));
  }

  @Test
  void aReadyPathWithProtocolAutoKeepsTheDetection() {
    JsonNode template =
        template("{\"model\":{\"image\":\"m:1\",\"health\":{\"ready\":{\"path\":\"/up\"}}}}");
    assertEquals("auto", Json.annotation(template, "berth.dev/protocol").orElse(""));
    assertEquals("/up", Json.text(container(template), "readinessProbe", "httpGet", "path"));
  }
}
