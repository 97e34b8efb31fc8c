package dev.berth.gitops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.ApiError;
import dev.berth.api.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// From a push to objects, over a real `git daemon`.
final class PushTest extends ServedRepository {
  @BeforeEach
  void start() {
    follow();
  }

  @Test
  void aPushIsAppliedAndTheNextOneToo() throws Exception {
    String first = git.write("a.yaml", configMap("a", "one")).push("one");
    rig.settle("apps");
    assertEquals(
        "True Succeeded", rig.condition("apps", "Ready"), rig.repository("apps")::toString);
    assertEquals(
        "main@sha1:" + first, Json.text(rig.repository("apps"), "status", "appliedRevision"));
    assertEquals(
        "one", Json.text(rig.cluster.get("ConfigMap/default/a").orElseThrow(), "data", "key"));
    String second = git.write("a.yaml", configMap("a", "two")).push("two");
    rig.pull("apps");
    assertEquals(
        "main@sha1:" + second, Json.text(rig.repository("apps"), "status", "healthyRevision"));
    assertEquals(
        "two", Json.text(rig.cluster.get("ConfigMap/default/a").orElseThrow(), "data", "key"));
    assertEquals(
        List.of("apply ConfigMap/default/a", "apply ConfigMap/default/a"),
        rig.cluster.takeWrites());
    rig.look("apps");
    assertTrue(rig.cluster.takeWrites().isEmpty(), "at rest nothing is written");
  }

  @Test
  void oneBrokenFileOfThreeStopsAllOfThem() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    rig.settle("apps");
    rig.cluster.takeWrites();
    git.write("a.yaml", configMap("a", "two"));
    git.write("b.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b\n");
    git.write("c.yaml", configMap("c", "two")).push("broken");
    rig.pull("apps");
    assertEquals("False RenderFailed", rig.condition("apps", "Ready"));
    assertTrue(rig.message("apps", "Ready").startsWith("b.yaml:"), rig.message("apps", "Ready"));
    assertTrue(rig.cluster.takeWrites().isEmpty());
    git.write("b.yaml", configMap("b", "two")).push("mended");
    rig.pull("apps");
    assertEquals("True Succeeded", rig.condition("apps", "Ready"));
    assertEquals(3, rig.cluster.takeWrites().size());
  }

  @Test
  void aForcedPushIsJustTheNextCommit() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    git.write("a.yaml", configMap("a", "two")).push("two");
    rig.settle("apps");
    git.git("reset", "-q", "--hard", "HEAD~1");
    String other = git.write("a.yaml", configMap("a", "three")).push("three");
    rig.pull("apps");
    assertEquals(
        "main@sha1:" + other, Json.text(rig.repository("apps"), "status", "appliedRevision"));
  }

  @Test
  void aDeletedBranchKeepsWhatWasApplied() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    git.git("push", "-q", "origin", "HEAD:refs/heads/prod");
    follow("\"ref\": {\"branch\": \"prod\"}");
    rig.settle("apps");
    git.git("push", "-q", "origin", ":refs/heads/prod");
    rig.cluster.takeWrites();
    rig.pull("apps");
    assertEquals("False RefNotFound", rig.condition("apps", "SourceReady"));
    assertEquals("False RefNotFound", rig.condition("apps", "Ready"));
    assertTrue(rig.cluster.get("ConfigMap/default/a").isPresent());
    assertTrue(rig.cluster.takeWrites().isEmpty());
  }

  @Test
  void aChangedReferenceThatIsNotThereAppliesNothingOfTheOneBefore() throws Exception {
    git.write("dev/a.yaml", configMap("a", "dev")).write("prod/a.yaml", configMap("a", "prod"));
    git.push("one");
    follow("\"path\": \"dev\"");
    rig.settle("apps");
    rig.cluster.takeWrites();
    follow("\"path\": \"prod\"", "\"ref\": {\"branch\": \"prod\"}");
    rig.settle("apps");
    rig.look("apps");
    assertEquals("False RefNotFound", rig.condition("apps", "Ready"));
    assertTrue(rig.cluster.takeWrites().isEmpty(), "main's prod is nobody's wish");
  }

  @Test
  void aServerThatIsGoneIsAskedAgainAndDriftHealsMeanwhile() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    rig.settle("apps");
    server.stop();
    rig.pull("apps");
    assertEquals("False Unreachable", rig.condition("apps", "SourceReady"));
    var drifted = rig.cluster.get("ConfigMap/default/a").orElseThrow();
    Json.ensure(drifted, "data").put("key", "drift");
    rig.cluster.put(drifted);
    rig.look("apps");
    assertEquals(
        "one", Json.text(rig.cluster.get("ConfigMap/default/a").orElseThrow(), "data", "key"));
    server.startAgain();
    rig.pull("apps");
    assertEquals("True Succeeded", rig.condition("apps", "Ready"));
  }

  @Test
  void whatLeftTheRepositoryIsDeletedAndManyAtOnceWait() throws Exception {
    for (String name : List.of("a", "b", "c", "d", "e")) {
      git.write(name + ".yaml", configMap(name, "one"));
    }
    git.push("five");
    rig.settle("apps");
    git.delete("a.yaml").push("four");
    rig.pull("apps");
    assertTrue(rig.cluster.get("ConfigMap/default/a").isEmpty());
    String last = git.delete("b.yaml").delete("c.yaml").push("two");
    rig.pull("apps");
    assertTrue(rig.cluster.get("ConfigMap/default/b").isPresent());
    assertEquals("True PruneGuard", rig.condition("apps", "PruneBlocked"));
    rig.annotate("apps", "berth.dev/confirm-prune", last);
    rig.settle("apps");
    assertTrue(rig.cluster.get("ConfigMap/default/b").isEmpty());
    assertEquals("absent", rig.condition("apps", "PruneBlocked"));
  }

  @Test
  void anEmptiedRepositoryDeletesNothing() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    rig.settle("apps");
    git.delete("a.yaml").write("README.md", "empty").push("none");
    rig.pull("apps");
    assertEquals("False RenderFailed", rig.condition("apps", "Ready"));
    assertTrue(rig.cluster.get("ConfigMap/default/a").isPresent());
  }

  @Test
  void anObjectOfTwoRepositoriesIsAnErrorThatNamesBoth() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    rig.settle("apps");
    followAs("other");
    rig.settle("other");
    assertEquals("False Claimed", rig.condition("other", "Ready"));
    String message = rig.message("other", "Ready");
    assertTrue(message.contains("default/apps and default/other"), message);
  }

  @Test
  void goingBackIsRememberedUntilTheNextCommit() throws Exception {
    String first = git.write("a.yaml", configMap("a", "one")).push("one");
    rig.settle("apps");
    git.write("a.yaml", configMap("a", "two")).push("two");
    rig.pull("apps");
    rig.annotate("apps", "berth.dev/rollback-to", first.substring(0, 7));
    rig.settle("apps");
    rig.pull("apps");
    assertEquals(
        "one", Json.text(rig.cluster.get("ConfigMap/default/a").orElseThrow(), "data", "key"));
    git.write("a.yaml", configMap("a", "three")).push("three");
    rig.pull("apps");
    assertEquals(
        "three", Json.text(rig.cluster.get("ConfigMap/default/a").orElseThrow(), "data", "key"));
  }

  @Test
  void goingBackToWhatWasNeverHereIsRefusedAndChangesNothing() throws Exception {
    String first = git.write("a.yaml", configMap("a", "one")).push("one");
    rig.settle("apps");
    rig.cluster.takeWrites();
    for (String unknown : List.of("abc", "0123456789abcdef0123456789abcdef01234567")) {
      rig.annotate("apps", "berth.dev/rollback-to", unknown);
      Outcome outcome = rig.look("apps");
      String said = outcome.events().getLast().message();
      assertTrue(said.startsWith("there is no revision " + unknown), said);
      assertTrue(said.contains("known are main@" + first.substring(0, 7)), said);
      assertTrue(!Json.annotations(rig.repository("apps")).containsKey("berth.dev/rollback-to"));
      assertEquals("True Succeeded", rig.condition("apps", "Ready"));
    }
    assertTrue(rig.cluster.takeWrites().isEmpty());
  }

  @Test
  void inManualModeTheDifferenceWaitsForSomebody() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    follow("\"sync\": {\"mode\": \"manual\"}");
    rig.settle("apps");
    assertEquals("False Pending", rig.condition("apps", "Synced"));
    assertEquals(
        "ConfigMap/default/a",
        Json.at(rig.repository("apps"), "status", "pendingDiff", "create")
            .path(0)
            .path("ref")
            .asString(""));
    rig.annotate("apps", "berth.dev/sync-requested", "now");
    rig.pull("apps");
    assertTrue(rig.cluster.get("ConfigMap/default/a").isPresent());
    assertEquals("now", Json.text(rig.repository("apps"), "status", "handledSyncRequest"));
  }

  private void pushModel() throws Exception {
    git.write(
        "modelapp.yaml",
        """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata: {name: digits}
        spec:
          model: {build: {context: model}, port: 8000}
          app: {image: "digits-app:1", port: 8080}
        """);
    git.write("model/Dockerfile", "FROM scratch\nCOPY weights.yaml /\n");
    git.write("model/weights.yaml", "no: manifest").push("one");
  }

  @Test
  void noContextIsPushedForWhatMayNotBeWritten() throws Exception {
    pushModel();
    for (String forbidden : List.of("ModelApp", "ImageBuild")) {
      rig.cluster.allow((ref, actor) -> !ref.kind().equals(forbidden));
      rig.settle("apps");
      assertEquals("False Forbidden", rig.condition("apps", "Ready"));
      String message = rig.message("apps", "Ready");
      assertTrue(message.startsWith("modelapp.yaml:1: " + forbidden), message);
      assertTrue(rig.contexts.isEmpty(), rig.contexts.keySet()::toString);
    }
    rig.cluster.allow((ref, actor) -> true);
    rig.settle("apps");
    assertEquals(List.of("default/digits-model"), List.copyOf(rig.contexts.keySet()));
  }

  @Test
  void aModelAppIsBuiltFromItsCommit() throws Exception {
    pushModel();
    rig.settle("apps");
    var app = rig.cluster.get("ModelApp.berth.dev/default/digits").orElseThrow();
    String digest =
        Json.annotation(app, "berth.dev/context-digest.model")
            .orElseThrow(() -> new AssertionError(rig.repository("apps").toString()));
    assertEquals(List.of("default/digits-model"), List.copyOf(rig.contexts.keySet()));
    List<String> writes = rig.cluster.takeWrites();
    assertTrue(writes.getFirst().startsWith("apply ImageBuild.berth.dev/default/digits-model-"));
    git.write("model/weights.yaml", "other: code").push("two");
    rig.pull("apps");
    app = rig.cluster.get("ModelApp.berth.dev/default/digits").orElseThrow();
    assertTrue(
        !digest.equals(Json.annotation(app, "berth.dev/context-digest.model").orElseThrow()));
  }

  @Test
  void deletingTheRepositoryDeletesItsObjectsWhereThatIsWanted() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    follow("\"sync\": {\"onDelete\": \"delete\"}");
    rig.settle("apps");
    var object = rig.repository("apps");
    Json.meta(object).put("deletionTimestamp", "2026-01-01T00:00:00Z");
    rig.cluster.put(object);
    assertTrue(rig.look("apps").finalizer());
    assertTrue(rig.cluster.get("ConfigMap/default/a").isEmpty());
    assertTrue(!rig.look("apps").finalizer());
  }

  private String deployment(String name, int wave) {
    return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: "
        + name
        + ", annotations: {berth.dev/wave: \""
        + wave
        + "\"}}\nspec: {replicas: 1}\n";
  }

  private void becomesReady(String name) {
    var object = rig.cluster.get("Deployment.apps/default/" + name).orElseThrow();
    Json.ensure(object, "status")
        .put("observedGeneration", Json.generation(object))
        .put("replicas", 1)
        .put("updatedReplicas", 1)
        .put("availableReplicas", 1);
    rig.cluster.put(object);
  }

  @Test
  void theNextWaveWaitsForTheOneBeforeAndANewCommitDoesNot() throws Exception {
    git.write("a.yaml", deployment("first", -1)).write("b.yaml", deployment("second", 0));
    git.push("one");
    rig.settle("apps");
    assertEquals(List.of("apply Deployment.apps/default/first"), rig.cluster.takeWrites());
    assertEquals("False Waiting", rig.condition("apps", "Synced"));
    String second = git.write("c.yaml", configMap("c", "one")).delete("a.yaml").push("two");
    rig.pull("apps");
    assertTrue(rig.cluster.get("Deployment.apps/default/second").isPresent());
    becomesReady("second");
    rig.settle("apps");
    assertEquals("True Succeeded", rig.condition("apps", "Ready"));
    assertEquals(
        "main@sha1:" + second, Json.text(rig.repository("apps"), "status", "healthyRevision"));
    assertEquals(
        "Superseded",
        Json.text(Json.at(rig.repository("apps"), "status", "history").path(1), "result"));
  }

  @Test
  void aRevisionThatFailsIsLeftForTheLastHealthyOne() throws Exception {
    follow("\"sync\": {\"onFailure\": \"rollback\"}");
    String good = git.write("a.yaml", deployment("web", 0)).push("good");
    rig.settle("apps");
    becomesReady("web");
    rig.settle("apps");
    assertEquals("True Succeeded", rig.condition("apps", "Ready"));
    String bad =
        git.write("a.yaml", deployment("web", 0).replace("replicas: 1", "replicas: 5")).push("bad");
    rig.pull("apps");
    rig.pass(Duration.ofMinutes(6));
    rig.settle("apps");
    rig.settle("apps");
    assertEquals(
        1,
        Json.at(rig.cluster.get("Deployment.apps/default/web").orElseThrow(), "spec", "replicas")
            .asInt());
    var status = rig.repository("apps").path("status");
    assertEquals("main@sha1:" + bad, status.path("skippedRevisions").path(0).asString(""));
    assertEquals("main@sha1:" + good, Json.text(status, "attemptedRevision"));
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 429, 500, 503})
  void whatMayBeTakenAMomentLaterIsNoFailureOfTheRevision(int code) throws Exception {
    follow("\"sync\": {\"onFailure\": \"rollback\"}");
    git.write("a.yaml", deployment("web", 0)).push("good");
    rig.settle("apps");
    becomesReady("web");
    rig.settle("apps");
    rig.cluster.trouble(Optional.of(ApiError.fromCode(code, "busy")));
    String next =
        git.write("a.yaml", deployment("web", 0).replace("replicas: 1", "replicas: 5")).push("2");
    rig.pull("apps");
    rig.pass(Duration.ofMinutes(6));
    rig.settle("apps");
    assertEquals("False ApplyFailed", rig.condition("apps", "Ready"));
    assertEquals("True ApplyFailed", rig.condition("apps", "Reconciling"));
    assertEquals("absent", rig.condition("apps", "Stalled"));
    rig.cluster.trouble(Optional.empty());
    rig.settle("apps");
    var status = rig.repository("apps").path("status");
    assertTrue(status.path("skippedRevisions").isEmpty(), status::toString);
    assertEquals("main@sha1:" + next, Json.text(status, "appliedRevision"));
  }

  @Test
  void whatIsRefusedForGoodGoesBackAtOnce() throws Exception {
    follow("\"sync\": {\"onFailure\": \"rollback\"}");
    git.write("a.yaml", configMap("a", "one")).push("good");
    rig.settle("apps");
    rig.cluster.allow((ref, actor) -> !ref.name().equals("b"));
    String bad = git.write("b.yaml", configMap("b", "one")).push("bad");
    rig.pull("apps");
    rig.settle("apps");
    var status = rig.repository("apps").path("status");
    assertEquals("main@sha1:" + bad, status.path("skippedRevisions").path(0).asString(""));
  }

  @Test
  void aDependencyThatIsNotReadyHoldsBack() throws Exception {
    git.write("a.yaml", configMap("a", "one")).push("one");
    follow("\"sync\": {\"dependsOn\": [{\"name\": \"base\"}]}");
    rig.settle("apps");
    assertEquals("False DependencyNotReady", rig.condition("apps", "Ready"));
    assertTrue(rig.cluster.get("ConfigMap/default/a").isEmpty());
  }

  @Test
  void anUnknownFieldIsToldWithItsLine() throws Exception {
    git.write("a.yaml", configMap("a", "one"));
    git.write(
        "modelapp.yaml",
        """
        apiVersion: berth.dev/v1alpha1
        kind: ModelApp
        metadata: {name: digits}
        spec:
          model: {image: "digits-model:1", port: 8000}
          endpoint:
            prot: http
          app: {image: "digits-app:1", port: 8080}
        """);
    git.push("one");
    rig.settle("apps");
    String message = rig.message("apps", "Ready");
    assertTrue(message.startsWith("modelapp.yaml:7:5 spec.endpoint.prot: unknown field"), message);
    assertTrue(rig.cluster.takeWrites().isEmpty());
  }
}
