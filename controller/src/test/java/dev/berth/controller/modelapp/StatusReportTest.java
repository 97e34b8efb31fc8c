package dev.berth.controller.modelapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
    assertEquals("True/RollingOut", world.says("AppReady"));
    assertEquals(
        "the new app is coming up (0 of 1 app replicas are ready); the old one serves",
        world.condition("AppReady").message());
    assertEquals("True/Ready", world.says("Ready"));
    assertEquals("True/RollingOut", world.says("Progressing"));
    assertEquals("True/RollingOut", world.perform().says("Progressing"), "nothing acted on it yet");
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
    assertEquals("True/Ready", world.says("Ready"));
    assertEquals(
        "r2 is coming up (0 of 1 model replicas are ready); r1 serves",
        world.condition("ModelReady").message());
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
    assertEquals("True/RollingOut", world.perform().says("AppReady"));
    world.rolledOut("digits-app");
    assertEquals("True/ReplicasReady", world.perform().says("AppReady"));
  }

  /// A new context changes an annotation only, so no generation tells that it was seen.
  @Test
  void theStatusNamesTheContextsThatItSpeaksOf() {
    World world = World.ofTwoImages().allRuns();
    assertTrue(Json.at(world.modelApp, "status", "contexts").isMissingNode());
    String digest = "sha256:" + "a".repeat(64);
    ObjectNode model = Json.ensure(world.modelApp, "spec", "model");
    model.remove("image");
    model.putObject("build").put("context", "model");
    Json.ensure(world.modelApp, "metadata", "annotations")
        .put("berth.dev/context-digest.model", digest);
    ObjectNode build = build(digest);
    world.builds.add(build);
    world.perform();
    assertEquals(digest, Json.text(world.modelApp, "status", "contexts", "model"));
    assertEquals("True/RollingOut", world.says("Progressing"), "the old one serves meanwhile");
    build.putObject("status").put("phase", "Failed");
    world.perform();
    assertTrue(world.says("Progressing").startsWith("False/"), world.says("Progressing"));
    model.remove("build");
    model.put("image", "m:1");
    world.perform();
    assertTrue(Json.at(world.modelApp, "status", "contexts").isMissingNode());
  }

  private static ObjectNode build(String context) {
    ObjectNode build =
        Json.object().put("apiVersion", "berth.dev/v1alpha1").put("kind", "ImageBuild");
    Json.meta(build).put("name", "digits-model-1").put("namespace", "default").put("uid", "b1");
    Json.ensure(build, "metadata", "labels").put("berth.dev/component", "model");
    Json.ensure(build, "spec").put("contextDigest", context).put("repository", "default/digits");
    Json.ensure(build, "status").put("phase", "Running");
    return build;
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

  private static World crashLooping() {
    World world = World.ofTwoImages().perform();
    world.crashes("digits-model-r1");
    return world.perform();
  }

  private static void containerIs(World world, String status) {
    Json.ensure(world.pods.getFirst(), "status")
        .set("containerStatuses", Json.parse("[" + status + "]"));
  }

  @Test
  void aCrashLoopSaysTheSameThroughAllOfItsRounds() {
    World world = crashLooping();
    Instant since = world.condition("ModelReady").lastTransitionTime();
    world.notes.clear();
    for (String state :
        List.of(
            "{\"ready\":false,\"state\":{\"running\":{}},\"lastState\":{\"terminated\":{\"exitCode\":1,\"message\":\"boom\"}}}",
            "{\"ready\":false,\"state\":{\"terminated\":{\"exitCode\":1,\"message\":\"boom\"}},\"lastState\":{}}",
            "{\"ready\":false,\"state\":{\"waiting\":{\"reason\":\"CrashLoopBackOff\",\"message\":\"restarted"
                + " 2 times\"}},\"lastState\":{\"terminated\":{\"exitCode\":1,\"message\":\"boom\"}}}")) {
      containerIs(world, state);
      assertEquals("False/ExitedEarly", world.perform().says("ModelReady"), state);
      assertEquals("False/ExitedEarly", world.says("Ready"), state);
      assertEquals(since, world.condition("ModelReady").lastTransitionTime());
    }
    assertEquals(List.of(), world.notes, "a further try is no news");
  }

  @Test
  void anotherCauseIsNewsAndSoIsTheEndOfIt() {
    World world = crashLooping();
    assertEquals(List.of("ExitedEarly"), world.reasons());
    containerIs(
        world,
        "{\"ready\":false,\"state\":{\"waiting\":{\"reason\":\"ErrImagePull\",\"message\":\"gone\"}}}");
    world.perform();
    assertEquals(List.of("ExitedEarly", "ImagePullFailed"), world.reasons());
    world.pods.clear();
    world.runs("digits-model-r1");
    world.runs("digits-app");
    world.rolledOut("digits-model-r1").rolledOut("digits-app").perform();
    assertEquals(List.of("ExitedEarly", "ImagePullFailed", "Ready"), world.reasons());
    assertTrue(Json.at(world.modelApp, "status", "lastFailure").isMissingNode());
  }

  @Test
  void lastFailureNamesTheSignal() {
    World world = crashLooping();
    containerIs(
        world,
        "{\"ready\":false,\"state\":{\"terminated\":{\"exitCode\":137,\"signal\":9,\"reason\":\"Error\",\"message\":\"a\\n"
            + "b\"}}}");
    world.perform();
    JsonNode failure = Json.at(world.modelApp, "status", "lastFailure");
    assertEquals("KilledBySignal", Json.text(failure, "reason"));
    assertEquals("SIGKILL", Json.text(failure, "signal"));
    assertEquals(2, failure.path("logTail").size());
  }

  @Test
  void aPodOfASilentNodeIsSaidToBeLost() {
    World world = World.ofTwoImages().allRuns();
    Conditions.set(
        world.pods.getFirst(),
        new Condition("Ready", Condition.FALSE, "NodeLost", "node a is silent", World.NOW, 0));
    assertEquals("False/NodeLost", world.perform().says("Ready"));
    assertEquals("NodeLost", Json.text(world.modelApp, "status", "lastFailure", "reason"));
  }

  private static World withSecretReference() {
    return new World(
        """
        {"model":{"image":"m:1","env":[{"name":"TOKEN","valueFrom":
          {"secretKeyRef":{"name":"db","key":"token"}}}]},"endpoint":{"protocol":"http"}}\
        """);
  }

  private static ObjectNode secret(String key) {
    ObjectNode secret = Json.parseObject("{\"metadata\":{\"name\":\"db\"}}");
    secret.putObject("data").put(key, "eA==");
    return secret;
  }

  @Test
  void aReferenceToNothingIsNotAcceptedUntilItIsThere() {
    World world = withSecretReference().perform();
    assertEquals("False/SecretNotFound", world.says("SpecAccepted"));
    assertEquals(
        "spec.model.env[TOKEN] names Secret db (key token), which namespace default does not have:"
            + " create it, or correct the name",
        world.condition("SpecAccepted").message());
    assertEquals("False/SecretNotFound", world.says("Ready"));
    assertEquals(List.of(), world.deployments);
    world.secrets.add(secret("user"));
    assertEquals("False/SecretKeyNotFound", world.perform().says("SpecAccepted"));
    assertEquals(
        "spec.model.env[TOKEN] names key token of Secret db, which has only user: add the key, or"
            + " correct it",
        world.condition("SpecAccepted").message());
    world.secrets.set(0, secret("token"));
    assertEquals("True/Accepted", world.perform().says("SpecAccepted"));
    assertEquals(1, world.deployments.size());
  }

  @Test
  void aSecretThatGoesWhileTheModelServesDoesNotCloseItsEndpoint() {
    World world = withSecretReference();
    world.secrets.add(secret("token"));
    world.perform();
    world.runs("digits-model-r1");
    world.rolledOut("digits-model-r1").perform();
    world.secrets.clear();
    assertEquals("True/Accepted", world.perform().says("SpecAccepted"));
    assertEquals("True/Ready", world.says("Ready"));
  }
}
