package dev.berth.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.api.gitops.GitRepository;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// GitRepositories whose status the test writes as the controller would.
@SuppressWarnings("NullAway.Init") // JUnit makes them
class GitTest {
  private static final String OLD = "main@sha1:1111111111111111111111111111111111111111";
  private static final String NEW = "main@sha1:3f2a91c000000000000000000000000000000000";
  @TempDir Path temp;
  private StandInGit api;

  @BeforeEach
  void start() throws IOException {
    api = new StandInGit(temp);
  }

  @AfterEach
  void stop() {
    api.close();
  }

  private static String ready(String status, String reason, String message) {
    return """
    "observedGeneration": 1, "conditions": [{"type": "Ready", "status": "%s", "reason": "%s",
      "message": "%s", "lastTransitionTime": "2026-01-01T00:00:00Z"}]"""
        .formatted(status, reason, message);
  }

  private LiveApi.Ran git(String... words) {
    return api.berth(Stream.concat(Stream.of("git"), Stream.of(words)).toArray(String[]::new));
  }

  private CompletableFuture<LiveApi.Ran> gitMeanwhile(String... words) {
    return CompletableFuture.supplyAsync(() -> git(words));
  }

  private String asked(String name, String annotation) throws InterruptedException {
    api.until(name, object -> Json.annotation(object, annotation).isPresent());
    return Json.annotation(api.get(name), annotation).orElseThrow();
  }

  @Test
  void aSyncEndsWhenWhatWasAskedForIsThere() throws InterruptedException {
    api.repository("apps");
    api.status(
        "apps", "{%s, \"appliedRevision\": \"%s\"}".formatted(ready("True", "Ready", ""), OLD));
    CompletableFuture<LiveApi.Ran> syncing = gitMeanwhile("sync", "apps");
    String request = asked("apps", GitRepository.SYNC_REQUESTED);
    api.status(
        "apps",
        """
        {%s, "handledSyncRequest": "%s", "appliedRevision": "%s",
         "summary": {"total": 2, "healthy": 2, "synced": 2}}"""
            .formatted(ready("True", "Ready", ""), request, NEW));
    LiveApi.Ran ran = syncing.join();
    assertEquals(0, ran.code(), ran.err());
    assertEquals("apps is at main@3f2a91c, 2/2 objects healthy\n", ran.out());
    assertTrue(ran.err().startsWith("sync apps\n"), ran.err());
  }

  @Test
  void aSyncThatFailsIsTwoAndSaysWhy() throws InterruptedException {
    api.repository("broken");
    CompletableFuture<LiveApi.Ran> syncing = gitMeanwhile("sync", "broken");
    String request = asked("broken", GitRepository.SYNC_REQUESTED);
    api.status(
        "broken",
        "{%s, \"handledSyncRequest\": \"%s\"}"
            .formatted(ready("False", "RenderFailed", "web.yaml:3: no kind"), request));
    LiveApi.Ran ran = syncing.join();
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("broken: RenderFailed: web.yaml:3: no kind"), ran.err());
  }

  /// The request stays open then: it is the check that tells.
  @Test
  void aRemoteThatDoesNotAnswerIsTwo() throws InterruptedException {
    api.repository("gone");
    CompletableFuture<LiveApi.Ran> syncing = gitMeanwhile("sync", "gone");
    String request = asked("gone", GitRepository.SYNC_REQUESTED);
    api.status(
        "gone",
        """
        {"observedGeneration": 1, "lastCheck": {"time": "%sZ"}, "conditions": [
          {"type": "SourceReady", "status": "False", "reason": "Unreachable", "message": "no route"},
          {"type": "Ready", "status": "False", "reason": "Unreachable", "message": "no route"}]}"""
            .formatted(request.substring(0, 19)));
    LiveApi.Ran ran = syncing.join();
    assertEquals(2, ran.code());
    assertTrue(ran.err().contains("gone: Unreachable: no route"), ran.err());
  }

  @Test
  void whatStillGoesOnIsWaitedFor() throws InterruptedException {
    api.repository("slow");
    StandInGit.Said said = new StandInGit.Said();
    CompletableFuture<LiveApi.Ran> syncing =
        CompletableFuture.supplyAsync(() -> api.berth(said, "git", "sync", "slow"));
    String request = asked("slow", GitRepository.SYNC_REQUESTED);
    api.status(
        "slow",
        """
        {"observedGeneration": 1, "handledSyncRequest": "%s", "conditions": [
          {"type": "SourceReady", "status": "True", "reason": "Fetched", "message": "fetched"},
          {"type": "Ready", "status": "False", "reason": "Degraded", "message": "0/1 ready"},
          {"type": "Reconciling", "status": "True", "reason": "Progressing", "message": ""}]}"""
            .formatted(request));
    said.await("fetched");
    assertFalse(syncing.isDone());
    api.status("slow", "{%s}".formatted(ready("True", "Succeeded", "")));
    assertEquals(0, syncing.join().code(), syncing.join().err());
  }

  @Test
  void whatIsNotAnsweredIsThree() {
    api.repository("silent");
    LiveApi.Ran ran = git("sync", "silent", "--timeout", "100ms");
    assertEquals(3, ran.code());
    assertTrue(ran.err().contains("silent is not ready after 0s; the server goes on"), ran.err());
  }

  @Test
  void whatIsSuspendedIsNotSyncedAndGoesOnWhenResumed() {
    api.repository("held");
    assertEquals("gitrepository/held suspended\n", git("suspend", "held").out());
    assertTrue(api.get("held").at("/spec/suspend").asBoolean(false));
    LiveApi.Ran refused = git("sync", "held");
    assertEquals(1, refused.code());
    assertTrue(refused.err().contains("berth git resume held"), refused.err());
    assertEquals("gitrepository/held resumed\n", git("resume", "held").out());
    assertTrue(git("sync", "held", "--no-wait").out().contains("sync requested"));
  }

  @Test
  void theWayBackIsInTheHistory() throws InterruptedException {
    api.repository("shop");
    api.status(
        "shop",
        """
        {%s, "appliedRevision": "%s", "skippedRevisions": [], "history": [
          {"revision": "%s", "result": "Succeeded", "by": "admin", "message": "third"},
          {"revision": "%s", "result": "Succeeded", "by": "poll", "message": "second"}]}"""
            .formatted(ready("True", "Ready", ""), NEW, NEW, OLD));
    LiveApi.Ran history = git("history", "shop");
    assertTrue(history.lines().get(1).startsWith("main@3f2a91c (now) "), history.out());
    assertEquals(1, git("rollback", "shop", "beef").code());

    assertTrue(git("rollback", "shop", "3f2a").err().contains("is at main@3f2a91c already"));
    CompletableFuture<LiveApi.Ran> going = gitMeanwhile("rollback", "shop");
    assertEquals(OLD, asked("shop", GitRepository.ROLLBACK_TO));
    api.status(
        "shop",
        "{\"appliedRevision\": \"%s\", \"skippedRevisions\": [\"%s\"]}".formatted(OLD, NEW));
    assertEquals(0, going.join().code(), going.join().err());
    assertTrue(git("history", "shop").out().contains("main@3f2a91c (skipped)"));
  }

  @Test
  void aDiffNamesWhatASyncWouldDo() {
    api.repository("waits");
    assertEquals(2, git("diff", "waits").code(), "nothing is known yet");
    api.status(
        "waits",
        """
        {"pendingDiff": {"create": [{"ref": "Service git-test/web"}], "update": [{
          "ref": "Deployment git-test/web",
          "changes": [{"path": "spec.replicas", "from": "1", "to": "3"}]}],
          "delete": [{"ref": "ConfigMap git-test/old"}]}}""");
    LiveApi.Ran diff = git("diff", "waits");
    assertEquals(1, diff.code());
    assertEquals(
        """
        + Service git-test/web
        ~ Deployment git-test/web
            spec.replicas: 1 -> 3
        - ConfigMap git-test/old
        """,
        diff.out());
    assertTrue(diff.err().contains("berth git sync waits"), diff.err());
  }

  @Test
  void deletionsThatWaitAreAgreedToAtTheirRevision() throws InterruptedException {
    api.repository("pruned");
    api.status("pruned", "{\"attemptedRevision\": \"%s\"}".formatted(NEW));
    assertEquals(0, git("sync", "pruned", "--confirm-prune", "--no-wait").code());
    assertEquals(NEW, asked("pruned", GitRepository.CONFIRM_PRUNE));
  }

  @Test
  void theListShowsThoseFirstThatAreNotReady() {
    api.repository("zz-broken");
    api.status(
        "zz-broken",
        "{%s, \"source\": {\"subject\": \"Fix\\u001b[31m it\"}}"
            .formatted(ready("False", "AuthFailed", "no such user")));
    LiveApi.Ran list = git("ls");
    assertEquals(0, list.code(), list.err());
    assertTrue(list.lines().getFirst().startsWith("NAME "), list.out());
    assertTrue(list.out().contains("Fix\\x1b[31m it"), list.out());
    assertTrue(list.out().contains("no such user"), list.out());
    assertTrue(git("sync", "nobody").err().contains("berth git ls -A"));
  }
}
