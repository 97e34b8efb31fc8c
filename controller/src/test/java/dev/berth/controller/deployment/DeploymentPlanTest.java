package dev.berth.controller.deployment;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Owners;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// What a Deployment does to its ReplicaSets.
class DeploymentPlanTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private static ObjectNode deployment(String strategy, boolean paused) {
    ObjectNode deployment =
        Json.parseObject(
            """
            {"apiVersion":"apps/v1","kind":"Deployment",
             "metadata":{"name":"web","namespace":"default","uid":"u1","generation":1},
             "spec":{"replicas":1,"strategy":{"type":"%s"},"selector":{"matchLabels":{"a":"b"}},
              "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i:1"}]}}}}
            """
                .formatted(strategy));
    Json.ensure(deployment, "spec").put("paused", paused);
    return deployment;
  }

  private static ObjectNode oldSet(ObjectNode deployment) {
    ObjectNode before = Json.deepCopy(deployment);
    Json.ensure(before, "spec").put("paused", false);
    Action.Create made = (Action.Create) plan(before, List.of()).getFirst();
    return made.object();
  }

  private static List<Action> plan(ObjectNode deployment, List<ObjectNode> sets) {
    return DeploymentPlan.plan(deployment, sets, List.of(), NOW);
  }

  private static List<Integer> scaled(ObjectNode deployment, ObjectNode set) {
    return plan(deployment, List.of(set)).stream()
        .filter(Action.Update.class::isInstance)
        .map(action -> Json.at(((Action.Update) action).object(), "spec", "replicas").asInt(-1))
        .toList();
  }

  private static void changeTemplate(ObjectNode deployment) {
    ((ObjectNode) Json.at(deployment, "spec", "template", "spec", "containers").path(0))
        .put("image", "i:2");
  }

  @Test
  void aPausedRecreateDeploymentLeavesItsPodsAloneWhenItsTemplateChanges() {
    ObjectNode deployment = deployment("Recreate", true);
    ObjectNode set = oldSet(deployment);
    changeTemplate(deployment);
    assertEquals(List.of(), scaled(deployment, set));
  }

  @Test
  void oneThatIsNotPausedTakesThemDownFirst() {
    ObjectNode deployment = deployment("Recreate", false);
    ObjectNode set = oldSet(deployment);
    changeTemplate(deployment);
    assertEquals(List.of(0), scaled(deployment, set));
  }

  @Test
  void aSetThatADeletedDeploymentLeftBehindIsTakenOver() {
    ObjectNode deployment = deployment("RollingUpdate", false);
    ObjectNode orphan = oldSet(deployment);
    assertEquals(List.of(), DeploymentPlan.adopt(deployment, List.of(orphan)));
    Json.meta(orphan).remove("ownerReferences");
    List<Action> actions = DeploymentPlan.adopt(deployment, List.of(orphan));
    ObjectNode taken = ((Action.Update) actions.getFirst()).object();
    assertTrue(Owners.isControlledBy(taken, "u1"));
  }

  @Test
  void aSetOfOtherLabelsIsLeftAlone() {
    ObjectNode deployment = deployment("RollingUpdate", false);
    ObjectNode orphan = oldSet(deployment);
    Json.meta(orphan).remove("ownerReferences");
    Json.ensure(orphan, "metadata", "labels").put("a", "c");
    assertEquals(List.of(), DeploymentPlan.adopt(deployment, List.of(orphan)));
  }
}
