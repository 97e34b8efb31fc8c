package dev.berth.controller.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.controller.reconcile.Action;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What a ModelApp says when its children cannot be.
class ModelAppPlanTest {
  @Test
  void aRefusedChildIsSaidInTheStatus() {
    World world = World.ofTwoImages();
    world.apply(ModelAppPlan.refused(world.observed(), "port is wrong", World.NOW));
    assertEquals("False/Refused", world.says("SpecAccepted"));
    assertEquals("False/Refused", world.says("Ready"));
    assertEquals("port is wrong", world.condition("Ready").message());
  }

  @Test
  void aRefusedChangeDoesNotStopWhatServes() {
    World world = World.ofTwoImages().allRuns();
    world.apply(ModelAppPlan.refused(world.observed(), "port is wrong", World.NOW));
    assertEquals("True/Accepted", world.says("SpecAccepted"));
    assertEquals("True/Serving", world.says("EndpointReady"));
    assertEquals("False/Refused", world.says("Ready"));
    assertEquals("False/Refused", world.says("Progressing"));
  }

  @Test
  void aDeploymentOfSomebodyElseTakesTheName() {
    World world = World.ofTwoImages();
    ObjectNode other = Json.object().put("apiVersion", "apps/v1").put("kind", "Deployment");
    Json.meta(other).put("name", "digits-app").put("namespace", "default");
    world.foreign.add(other);
    world.perform();
    assertEquals("False/NameTaken", world.says("SpecAccepted"));
    assertTrue(world.condition("Ready").message().contains("Deployment default/digits-app"));
    assertEquals(List.of(), world.deployments);
  }

  @Test
  void theFirstPlanMakesEverythingAndTheSecondNothing() {
    World world = World.ofTwoImages().allRuns();
    List<Action> again = world.plan();
    assertEquals(List.of(), again);
  }
}
