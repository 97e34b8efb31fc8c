package dev.berth.controller.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import org.junit.jupiter.api.Test;

/// A condition is True only when what it says was seen, at this generation.
class StatusReportTest {
  @Test
  void readyWhenBothRunAsAskedFor() {
    World world = World.ofTwoImages().allRuns();
    assertEquals("True/Ready", world.says("Ready"));
    assertEquals("False/Complete", world.says("Progressing"));
  }

  @Test
  void anOldAppThatRunsSaysNothingAboutTheNewOne() {
    World world = World.ofTwoImages().allRuns().set("app", "a:2").perform();
    assertEquals(2, world.condition("AppReady").observedGeneration());
    assertEquals("False/RollingOut", world.says("AppReady"));
    assertEquals("False/RollingOut", world.says("Ready"));
    assertEquals("True/RollingOut", world.says("Progressing"));
    assertEquals("False/RollingOut", world.perform().says("Ready"), "nothing acted on it yet");
  }

  @Test
  void aNewAppThatCrashesIsNamedWhileTheOldOneRuns() {
    World world = World.ofTwoImages().allRuns().set("app", "a:2").perform();
    world.crashes("digits-app");
    world.perform();
    assertEquals("False/ExitedEarly", world.says("AppReady"));
    assertEquals("False/ExitedEarly", world.says("Ready"));
    assertEquals("False/ExitedEarly", world.says("Progressing"));
    assertEquals("app", Json.text(world.modelApp, "status", "lastFailure", "component"));
  }

  @Test
  void anOldRevisionGoesOnServingWhileTheNewOneFails() {
    World world = World.ofTwoImages().allRuns().set("model", "m:2").perform();
    assertEquals("True/Serving", world.says("EndpointReady"));
    assertEquals("True/RollingOut", world.says("Progressing"));
    world.crashes("digits-model-r2");
    world.perform();
    assertEquals("True/Serving", world.says("EndpointReady"));
    assertEquals("False/ExitedEarly", world.says("ModelReady"));
    assertEquals("False/ExitedEarly", world.says("Ready"));
  }

  @Test
  void aReadyPodIsNotEnoughBeforeTheOldOnesAreGone() {
    World world = World.ofTwoImages().allRuns().set("app", "a:2").perform();
    world.runs("digits-app");
    assertEquals("False/RollingOut", world.perform().says("AppReady"));
    world.rolledOut("digits-app");
    assertEquals("True/ReplicasReady", world.perform().says("AppReady"));
  }

  @Test
  void messagesClaimOnlyWhatIsKnown() {
    World world = World.ofTwoImages().perform().perform();
    assertEquals(
        "no model replica is ready, so calls get 503 (berth-reason: no-ready-replica)",
        world.condition("EndpointReady").message());
    assertEquals(
        "a model replica and the app are ready",
        World.ofTwoImages().allRuns().condition("Ready").message());
  }

  @Test
  void whatIsNoLongerAcceptedIsNotServed() {
    World world = World.ofTwoImages().allRuns();
    Json.ensure(world.modelApp, "spec", "endpoint").put("name", "app");
    world.perform();
    assertEquals("False/NameTaken", world.says("SpecAccepted"));
    assertEquals("False/NotAccepted", world.says("EndpointReady"));
  }
}
