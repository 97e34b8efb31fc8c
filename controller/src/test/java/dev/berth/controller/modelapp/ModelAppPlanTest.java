package dev.berth.controller.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.controller.reconcile.Action;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What a ModelApp says when its children cannot be.
class ModelAppPlanTest {
  private static final String TOKEN = "automountServiceAccountToken";

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

  @Test
  void aChildThatSomebodyEditedIsRepaired() {
    World world = World.ofTwoImages().allRuns();
    Json.ensure(world.deployment("digits-app"), "spec").put("replicas", 0);
    world.perform();
    assertEquals(1, Workloads.replicas(world.deployment("digits-app")));
    assertEquals(List.of(), world.rolledOut("digits-app").perform().plan());
  }

  @Test
  void whatDefaultsAddToAChildIsNoEdit() {
    World world = World.ofTwoImages().allRuns();
    Json.ensure(world.deployment("digits-app"), "spec").put("revisionHistoryLimit", 10);
    Json.ensure(world.services.getFirst(), "spec").put("clusterIP", "10.96.0.7");
    assertEquals(List.of(), world.plan());
  }

  @Test
  void podsGetNoTokenForAnApiThatTheyDoNotNeed() {
    World world = World.ofTwoImages().perform();
    assertTrue(world.deployments.stream().noneMatch(d -> pod(d).path(TOKEN).asBoolean(true)));
  }

  /// What was made before pods had tokens.
  @Test
  void aTemplateThatSaysNothingOfTokensIsNotTouchedForThat() {
    World world = World.ofTwoImages().perform();
    world.deployments.forEach(d -> pod(d).remove(TOKEN));
    world.allRuns();
    assertEquals(List.of(), world.plan());
    Json.ensure(world.deployment("digits-app"), "spec").put("replicas", 0);
    world.perform();
    assertEquals(1, Workloads.replicas(world.deployment("digits-app")));
    assertTrue(world.deployments.stream().noneMatch(d -> pod(d).has(TOKEN)));
    pod(world.deployment("digits-app")).put(TOKEN, true);
    world.perform();
    assertFalse(pod(world.deployment("digits-app")).path(TOKEN).asBoolean());
  }

  private static ObjectNode pod(ObjectNode deployment) {
    return Json.ensure(deployment, "spec", "template", "spec");
  }

  @Test
  void portsToChooseFromAreTheLastFailure() {
    World world =
        new World(
            """
            {"model":{"build":{"context":"."}},"endpoint":{"protocol":"http"}}\
            """);
    String digest = "sha256:" + "0".repeat(64);
    Json.ensure(world.modelApp, "metadata", "annotations")
        .put(Labels.CONTEXT_DIGEST + "model", digest);
    ObjectNode build =
        Json.parseObject(
            """
            {"apiVersion":"berth.dev/v1alpha1","kind":"ImageBuild",
             "metadata":{"name":"digits-model-1","namespace":"default","uid":"b1",
              "labels":{"berth.dev/modelapp":"digits","berth.dev/component":"model"}},
             "spec":{"contextDigest":"%s","repository":"default/digits-model"},
             "status":{"phase":"Succeeded","digest":"%s","exposedPorts":[8080,9090]}}
            """
                .formatted(digest, digest));
    world.builds.add(build);
    world.apply(world.plan().stream().filter(a -> !(a instanceof Action.Update)).toList());
    var failure = Json.at(world.modelApp, "status", "lastFailure");
    assertEquals("AmbiguousPort", Json.text(failure, "reason"));
    assertEquals("model", Json.text(failure, "component"));
    assertEquals(
        "the image of model exposes 8080 and 9090, and spec.model.port is not set",
        Json.text(failure, "message"));
    assertEquals("set spec.model.port: 8080 or spec.model.port: 9090", Json.text(failure, "hint"));
  }
}
