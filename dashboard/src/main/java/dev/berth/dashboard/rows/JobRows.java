package dev.berth.dashboard.rows;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Situation;
import dev.berth.api.why.Why;
import dev.berth.dashboard.scene.Scene;
import dev.berth.dashboard.scene.Workload;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class JobRows {
  private final Scene scene;
  private final Instant now;

  JobRows(Scene scene, Instant now) {
    this.scene = scene;
    this.now = now;
  }

  List<Row> all() {
    return scene.list(Kinds.JOB).stream().map(this::row).toList();
  }

  private Row row(JsonNode job) {
    Verdict verdict = verdict(job);
    JsonNode status = job.path("status");
    ObjectNode row = Row.begin(job, verdict);
    row.putObject("completions")
        .put("done", status.path("succeeded").asLong(0))
        .put("wanted", Json.at(job, "spec", "completions").asLong(1));
    row.put("active", status.path("active").asLong(0))
        .put("failed", status.path("failed").asLong(0));
    Row.putOrNull(row, "started", Json.optional(status, "startTime"));
    Row.putOrNull(row, "completed", Json.optional(status, "completionTime"));
    Images.put(row, job);
    return Row.of(row, verdict, String.join(" ", Images.of(job)));
  }

  private Verdict verdict(JsonNode job) {
    if (Json.isDeleting(job)) {
      return Verdict.of(Health.WORKING, "Deleting");
    }
    if (Conditions.isTrue(job, "Complete")) {
      return Verdict.of(Health.OK, "Complete");
    }
    Optional<Explanation> pods = failing(job);
    Optional<Condition> failed = Conditions.find(job, "Failed").filter(Condition::isTrue);
    if (failed.isPresent()) {
      Condition f = failed.get();
      return pods.map(why -> Verdict.of(why, false, "Failed", "Failed"))
          .orElseGet(() -> Verdict.of(Health.FAILING, "Failed", f.reason(), f.message()))
          .since(Optional.of(f.lastTransitionTime()));
    }
    if (Json.at(job, "spec", "suspend").asBoolean(false)) {
      return Verdict.of(Health.PAUSED, "Suspended");
    }
    return pods.map(why -> Verdict.of(why, true, "Running", "Running"))
        .orElseGet(() -> Verdict.of(Health.WORKING, "Running"));
  }

  /// Of the first pod with a cause: of those that run, then of those that ended.
  private Optional<Explanation> failing(JsonNode job) {
    List<JsonNode> pods = scene.podsOf(new Workload("Job", Json.namespace(job), Json.name(job)));
    return Stream.concat(
            pods.stream().filter(pod -> !ended(pod)), pods.stream().filter(JobRows::ended))
        .map(
            pod ->
                Why.of(
                    new Situation(
                        pod, List.of(), List.of(), List.of(), List.of(), scene.nodes(), List.of()),
                    now))
        .filter(why -> why.root().isPresent())
        .findFirst();
  }

  private static boolean ended(JsonNode pod) {
    return Json.text(pod, "status", "phase").equals("Failed");
  }
}
