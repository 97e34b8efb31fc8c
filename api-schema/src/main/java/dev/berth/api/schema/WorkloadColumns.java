package dev.berth.api.schema;

import static dev.berth.api.schema.Cells.age;
import static dev.berth.api.schema.Cells.name;
import static dev.berth.api.schema.Cells.number;
import static dev.berth.api.schema.Cells.text;
import static dev.berth.api.schema.Cells.timed;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Times;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The tables of the kinds that make pods, beyond Deployments and ReplicaSets, in kubectl's
/// columns.
final class WorkloadColumns {
  private WorkloadColumns() {}

  static List<Column> job() {
    List<Column> columns = new ArrayList<>();
    columns.add(name());
    columns.add(text("Status", "How far the job is.", WorkloadColumns::jobStatus));
    columns.add(text("Completions", "Pods that succeeded.", WorkloadColumns::completions));
    columns.add(
        timed("Duration", "Time since it started, or that it took.", (j, now) -> took(j, now)));
    columns.add(age());
    columns.addAll(Cells.templateColumns());
    return columns;
  }

  private static String jobStatus(JsonNode job) {
    for (String type :
        List.of("Complete", "Failed", "SuccessCriteriaMet", "FailureTarget", "Suspended")) {
      if (Conditions.find(job, type).map(Condition::isTrue).orElse(false)) {
        return type;
      }
    }
    return Json.isDeleting(job) ? "Terminating" : "Running";
  }

  private static String completions(JsonNode job) {
    long succeeded = number(job, "status", "succeeded");
    JsonNode wanted = Json.at(job, "spec", "completions");
    if (wanted.isNumber()) {
      return succeeded + "/" + wanted.asLong(0);
    }
    long parallelism = number(job, "spec", "parallelism");
    return parallelism > 1 ? succeeded + "/1 of " + parallelism : succeeded + "/1";
  }

  private static String took(JsonNode job, Instant now) {
    Optional<Instant> started = Times.at(job, "status", "startTime");
    Instant end = Times.at(job, "status", "completionTime").orElse(now);
    return started.map(start -> Times.age(Duration.between(start, end))).orElse("");
  }

  static List<Column> disruptionBudget() {
    return List.of(
        name(),
        text("Min Available", "Pods that must stay.", b -> orNotSet(b, "minAvailable")),
        text("Max Unavailable", "Pods that may go.", b -> orNotSet(b, "maxUnavailable")),
        number(
            "Allowed Disruptions",
            "Pods that may be evicted now.",
            b -> number(b, "status", "disruptionsAllowed")),
        age());
  }

  private static String orNotSet(JsonNode budget, String field) {
    String value = Json.text(budget, "spec", field);
    return value.isEmpty() ? "N/A" : value;
  }
}
