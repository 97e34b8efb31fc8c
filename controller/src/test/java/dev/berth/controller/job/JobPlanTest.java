package dev.berth.controller.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Times;
import dev.berth.controller.reconcile.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Jobs in a world of trees: plans are performed on a map.
class JobPlanTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private ObjectNode job = job("{}");
  private final Map<String, ObjectNode> pods = new TreeMap<>();
  private int made;
  private boolean gone;
  private boolean interrupted;

  private static ObjectNode job(String spec) {
    ObjectNode job = Json.object().put("apiVersion", "batch/v1").put("kind", "Job");
    Json.meta(job).put("name", "j").put("namespace", "default").put("uid", "u");
    ObjectNode full = (ObjectNode) Json.parse(spec);
    full.set(
        "template",
        Json.parse(
            "{\"spec\":{\"restartPolicy\":\"Never\",\"containers\":[{\"name\":\"a\",\"image\":\"a\"}]}}"));
    job.set("spec", full);
    return job;
  }

  /// Plans and performs until nothing is left to do; when interrupted, only the first step of each
  /// plan.
  private Duration settle() {
    Duration again = Duration.ZERO;
    for (int round = 0; round < 50 && !gone; round++) {
      JobPlan.Decision decision = JobPlan.decide(job, List.copyOf(pods.values()), now);
      again = decision.again().orElse(Duration.ZERO);
      List<Action> actions =
          decision.actions().stream().filter(a -> !(a instanceof Action.Emit)).toList();
      if (actions.isEmpty()) {
        return again;
      }
      (interrupted ? actions.subList(0, 1) : actions).forEach(this::perform);
    }
    assertTrue(gone, "the plans never end");
    return again;
  }

  private void perform(Action action) {
    switch (action) {
      case Action.Create(_, ObjectNode pod) -> {
        String name = Json.text(pod, "metadata", "generateName") + made++;
        Json.meta(pod).put("name", name).put("uid", name);
        pods.put(name, pod);
      }
      case Action.Update(_, ObjectNode pod) -> put(pod);
      case Action.UpdateStatus(_, ObjectNode next) -> job = next;
      case Action.Delete(var type, ObjectKey key, _) -> {
        if (type.equals(Kinds.JOB)) {
          gone = true;
        } else {
          pods.computeIfPresent(key.name(), (_, pod) -> deleted(pod));
        }
      }
      case Action.Emit _ -> {}
    }
  }

  private void put(ObjectNode pod) {
    pods.put(Json.name(pod), pod);
    if (Json.isDeleting(pod) && !JobPods.isTracked(pod)) {
      pods.remove(Json.name(pod));
    }
  }

  private @Nullable ObjectNode deleted(ObjectNode pod) {
    if (!JobPods.isTracked(pod)) {
      return null;
    }
    ObjectNode next = Json.deepCopy(pod);
    Json.meta(next).put("deletionTimestamp", Times.format(now));
    return next;
  }

  private void end(String name, String phase) {
    ObjectNode pod = Json.deepCopy(Objects.requireNonNull(pods.get(name), name));
    ObjectNode status = pod.putObject("status").put("phase", phase);
    status
        .putArray("containerStatuses")
        .addObject()
        .putObject("state")
        .putObject("terminated")
        .put("finishedAt", Times.format(now));
    pods.put(name, pod);
  }

  private List<String> active() {
    return pods.values().stream().filter(JobPods::active).map(Json::name).toList();
  }

  private int status(String field) {
    return Json.at(job, "status", field).asInt(0);
  }

  @Test
  void aJobRunsOnePodAndIsCompleteWhenItSucceeds() {
    job = job("{\"completions\":1}");
    settle();
    assertEquals(List.of("j-0"), active());
    end("j-0", "Succeeded");
    settle();
    assertTrue(Conditions.isTrue(job, "Complete"));
    assertEquals(1, status("succeeded"));
    assertEquals(0, status("active"));
    assertFalse(Json.text(job, "status", "completionTime").isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"1,5,1", "3,5,3", "5,3,3", "0,3,0"})
  void asManyRunAtOnceAsParallelismAndWhatIsLeftAllow(int parallelism, int wanted, int running) {
    job = job("{\"parallelism\":" + parallelism + ",\"completions\":" + wanted + "}");
    settle();
    assertEquals(running, active().size());
  }

  @Test
  void aFailureIsTriedAgainAfterAPauseThatGrows() {
    job = job("{\"completions\":1}");
    settle();
    end("j-0", "Failed");
    assertEquals(Duration.ofSeconds(10), settle());
    assertEquals(List.of(), active());
    now = now.plusSeconds(10);
    settle();
    assertEquals(List.of("j-1"), active());
    end("j-1", "Failed");
    assertEquals(Duration.ofSeconds(20), settle());
  }

  @Test
  void tooManyFailuresAreTheEnd() {
    job = job("{\"completions\":1,\"backoffLimit\":1}");
    for (int i = 0; i < 2; i++) {
      settle();
      end("j-" + i, "Failed");
      settle();
      now = now.plusSeconds(60);
    }
    settle();
    assertEquals("BackoffLimitExceeded", Conditions.find(job, "Failed").orElseThrow().reason());
    assertEquals(2, status("failed"));
    assertEquals(List.of(), active());
  }

  @Test
  void theDeadlineStopsWhatRuns() {
    job = job("{\"completions\":1,\"activeDeadlineSeconds\":30}");
    assertEquals(Duration.ofSeconds(30), settle());
    now = now.plusSeconds(30);
    settle();
    assertEquals("DeadlineExceeded", Conditions.find(job, "Failed").orElseThrow().reason());
    assertEquals(List.of(), active());
  }

  @Test
  void eachIndexSucceedsOnce() {
    job = job("{\"completions\":3,\"parallelism\":2,\"completionMode\":\"Indexed\"}");
    settle();
    assertEquals(List.of("j-0-0", "j-1-1"), active());
    end("j-0-0", "Succeeded");
    settle();
    assertEquals("0", Json.text(job, "status", "completedIndexes"));
    assertEquals(List.of("j-1-1", "j-2-2"), active());
    end("j-2-2", "Succeeded");
    settle();
    end("j-1-1", "Succeeded");
    settle();
    assertEquals("0-2", Json.text(job, "status", "completedIndexes"));
    assertTrue(Conditions.isTrue(job, "Complete"));
  }

  @Test
  void aPodKnowsItsIndex() {
    job = job("{\"completions\":2,\"parallelism\":2,\"completionMode\":\"Indexed\"}");
    settle();
    JsonNode pod = Objects.requireNonNull(pods.get("j-1-1"));
    assertEquals("j-1", Json.text(pod, "spec", "hostname"));
    assertEquals("1", Json.annotations(pod).get(JobPods.INDEX));
    assertEquals(
        "[{\"name\":\"JOB_COMPLETION_INDEX\",\"value\":\"1\"}]",
        pod.path("spec").path("containers").path(0).path("env").toString());
  }

  @Test
  void aSuspendedJobStopsAndLosesNothing() {
    job = job("{\"completions\":2,\"parallelism\":2}");
    settle();
    end("j-0", "Succeeded");
    settle();
    ((ObjectNode) job.path("spec")).put("suspend", true);
    settle();
    assertEquals(List.of(), active());
    assertTrue(Conditions.isTrue(job, "Suspended"));
    assertEquals(1, status("succeeded"));
    assertEquals(0, status("failed"));
    ((ObjectNode) job.path("spec")).put("suspend", false);
    settle();
    assertEquals(1, active().size());
    assertFalse(Conditions.isTrue(job, "Suspended"));
  }

  @Test
  void aFinishedJobGoesWhenItsTimeIsOver() {
    job = job("{\"completions\":1,\"ttlSecondsAfterFinished\":100}");
    settle();
    end("j-0", "Succeeded");
    assertEquals(Duration.ofSeconds(100), settle());
    now = now.plusSeconds(100);
    settle();
    assertTrue(gone);
  }

  @Test
  void withoutACountOneSuccessIsEnoughWhenAllHaveEnded() {
    job = job("{\"parallelism\":2}");
    settle();
    end("j-0", "Succeeded");
    settle();
    assertEquals(List.of("j-1"), active());
    end("j-1", "Failed");
    settle();
    assertTrue(Conditions.isTrue(job, "Complete"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everyEndIsCountedOnceHoweverOftenItIsInterrupted(long seed) {
    Random random = new Random(seed);
    interrupted = true;
    job = job("{\"completions\":8,\"parallelism\":3,\"backoffLimit\":1000}");
    int failures = 0;
    for (int i = 0; i < 300 && !JobPlan.isFinished(job); i++) {
      settle();
      List<String> running = new ArrayList<>(active());
      if (!running.isEmpty()) {
        String name = running.get(random.nextInt(running.size()));
        boolean fails = random.nextInt(3) == 0;
        end(name, fails ? "Failed" : "Succeeded");
        failures += fails ? 1 : 0;
        if (random.nextBoolean()) {
          pods.computeIfPresent(name, (_, pod) -> deleted(pod));
        }
      }
      now = now.plusSeconds(700);
    }
    settle();
    assertTrue(Conditions.isTrue(job, "Complete"), "seed " + seed + ": " + job);
    assertEquals(8, status("succeeded"), "seed " + seed);
    assertEquals(failures, status("failed"), "seed " + seed);
    assertTrue(pods.values().stream().noneMatch(JobPods::isTracked), "seed " + seed);
  }
}
