package dev.berth.controller.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/// Which revisions stay while a new one comes up, whatever happens meanwhile.
class RevisionsTest {
  private final World world = World.ofTwoImages().allRuns();
  private final ObjectNode first = world.pods.getFirst();

  private void ready(ObjectNode pod, boolean is) {
    String status = is ? Condition.TRUE : Condition.FALSE;
    Conditions.set(pod, new Condition("Ready", status, "", "", World.NOW, 0));
    world.perform().perform();
  }

  private List<String> models() {
    return world.deployments.stream()
        .filter(d -> Workloads.component(d).equals(Labels.MODEL))
        .map(Json::name)
        .sorted()
        .toList();
  }

  private String weight(String revision) {
    return world.slices.stream()
        .filter(slice -> Revisions.name(slice).equals(revision))
        .map(slice -> Json.annotation(slice, Labels.WEIGHT).orElse(""))
        .findFirst()
        .orElse("none");
  }

  @Test
  void aMomentWithoutAReadyReplicaCostsTheOldRevisionNothing() {
    world.set("model", "m:2").perform().perform();
    world.crashes("digits-model-r2");
    ready(first, false);
    assertEquals(List.of("digits-model-r1", "digits-model-r2"), models());
    assertEquals("100", weight("r1"));
    ready(first, true);
    assertEquals("True/Serving", world.says("EndpointReady"));
  }

  @Test
  void itStaysAlsoWhenItsPodIsGoneAndTheControllerStartsAnew() {
    world.set("model", "m:2").perform().perform();
    world.crashes("digits-model-r2");
    world.pods.remove(first);
    world.perform().perform();
    assertEquals(List.of("digits-model-r1", "digits-model-r2"), models());
  }

  @Test
  void theOldRevisionGoesWhenTheNewOneIsWhole() {
    world.set("model", "m:2").perform().perform();
    ready(first, false);
    ObjectNode second = world.runs("digits-model-r2");
    ready(second, true);
    assertEquals(List.of("digits-model-r2"), models());
    assertEquals("100", weight("r2"));
  }

  @Test
  void aRevisionThatNeverWorkedDoesNotStay() {
    world.set("model", "m:2").perform().perform();
    world.crashes("digits-model-r2");
    world.set("model", "m:3").perform().perform();
    assertEquals(List.of("digits-model-r1", "digits-model-r3"), models());
  }

  @Test
  void aFirstRevisionThatNeverWorkedMakesRoomAtOnce() {
    World broken = World.ofTwoImages().perform();
    broken.crashes("digits-model-r1");
    broken.perform();
    broken.set("model", "m:2").perform().perform();
    assertEquals(
        List.of("digits-model-r2"),
        broken.deployments.stream()
            .map(Json::name)
            .filter(name -> name.contains("model"))
            .toList());
  }
}
