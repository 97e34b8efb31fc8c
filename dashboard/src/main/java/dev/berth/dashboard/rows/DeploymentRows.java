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
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class DeploymentRows {
  private final Scene scene;
  private final Instant now;

  DeploymentRows(Scene scene, Instant now) {
    this.scene = scene;
    this.now = now;
  }

  List<Row> all() {
    return scene.list(Kinds.DEPLOYMENT).stream().map(this::row).toList();
  }

  private Row row(JsonNode deployment) {
    Verdict verdict = verdict(deployment);
    JsonNode status = deployment.path("status");
    String app = Scene.appOf(deployment).orElse("");
    ObjectNode row = Row.begin(deployment, verdict);
    row.putObject("replicas")
        .put("ready", status.path("readyReplicas").asLong(0))
        .put("desired", wanted(deployment))
        .put("updated", status.path("updatedReplicas").asLong(0))
        .put("available", status.path("availableReplicas").asLong(0));
    Images.put(row, deployment);
    row.put("app", app)
        .put("component", Json.text(deployment, "metadata", "labels", "berth.dev/component"));
    return Row.of(row, verdict, app, String.join(" ", Images.of(deployment)));
  }

  private static long wanted(JsonNode deployment) {
    return Json.at(deployment, "spec", "replicas").asLong(1);
  }

  private Verdict verdict(JsonNode deployment) {
    if (Json.isDeleting(deployment)) {
      return Verdict.of(Health.WORKING, "Deleting");
    }
    if (Json.at(deployment, "spec", "paused").asBoolean(false)) {
      return Verdict.of(Health.PAUSED, "Paused");
    }
    long wanted = wanted(deployment);
    if (wanted == 0) {
      return Verdict.of(Health.PAUSED, "Scaled to 0");
    }
    Workload workload =
        new Workload("Deployment", Json.namespace(deployment), Json.name(deployment));
    Explanation why =
        Why.of(
            new Situation(
                deployment,
                scene.podsOf(workload),
                List.of(),
                List.of(),
                List.of(),
                scene.nodes(),
                List.of()),
            now);
    long ready = Json.at(deployment, "status", "readyReplicas").asLong(0);
    boolean rolling =
        Json.at(deployment, "status", "updatedReplicas").asLong(0) < wanted
            || Json.at(deployment, "status", "observedGeneration").asLong(0)
                < Json.generation(deployment);
    return why.root().isEmpty()
        ? calm(deployment, ready >= wanted && !rolling, ready, wanted)
        : Verdict.of(why, ready >= wanted, "Ready", "Failing");
  }

  /// Its pods may be hidden from the viewer: then only the numbers tell.
  private static Verdict calm(JsonNode deployment, boolean complete, long ready, long wanted) {
    if (complete) {
      return Verdict.of(Health.OK, "Ready");
    }
    String message = ready + " of " + wanted + " replicas are ready";
    return Conditions.find(deployment, "Progressing")
        .filter(c -> c.status().equals(Condition.FALSE))
        .map(c -> Verdict.of(Health.FAILING, "Failing", c.reason(), c.message()))
        .orElseGet(() -> Verdict.of(Health.WORKING, "Updating", "", message));
  }
}
