package dev.berth.controller.definition;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class DefinitionPlanTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static ObjectNode definition(String group, String plural, String kind, String uid) {
    ObjectNode definition = Json.object();
    Json.meta(definition)
        .put("name", plural + "." + group)
        .put("uid", uid)
        .put("creationTimestamp", "2026-01-01T11:00:00Z");
    ObjectNode spec = definition.putObject("spec").put("group", group);
    spec.putObject("names").put("plural", plural).put("kind", kind);
    return definition;
  }

  private static boolean isEstablished(ObjectNode definition, ObjectNode... others) {
    return Conditions.isTrue(
        DefinitionPlan.withStatus(definition, List.of(others), NOON), "Established");
  }

  @Test
  void ofTwoThatCameTogetherForOneKindTheSecondYields() {
    ObjectNode first = definition("a.example.com", "ones", "Same", "1");
    ObjectNode second = definition("a.example.com", "twos", "Same", "2");
    assertEquals(true, isEstablished(first, second));
    assertEquals(false, isEstablished(second, first));
  }

  @Test
  void namesOfOtherVersionsOfBuiltInKindsAreTaken() {
    assertEquals(false, isEstablished(definition("events.k8s.io", "events", "Mine", "1")));
    assertEquals(false, isEstablished(definition("metrics.k8s.io", "pods", "Mine", "1")));
    assertEquals(true, isEstablished(definition("metrics.k8s.io", "others", "Mine", "1")));
  }
}
