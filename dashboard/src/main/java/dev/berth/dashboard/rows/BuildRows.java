package dev.berth.dashboard.rows;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Times;
import dev.berth.api.why.BuildCauses;
import dev.berth.api.why.Cause;
import dev.berth.dashboard.scene.Scene;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class BuildRows {
  private static final int MOST_STEPS = 100;

  private final Scene scene;

  BuildRows(Scene scene) {
    this.scene = scene;
  }

  List<Row> all() {
    return scene.list(Kinds.IMAGE_BUILD).stream().map(BuildRows::row).toList();
  }

  private static Row row(JsonNode build) {
    Verdict verdict = verdict(build);
    JsonNode status = build.path("status");
    String app = Scene.appOf(build).orElse("");
    String repository = Json.text(build, "spec", "repository");
    ObjectNode row = Row.begin(build, verdict);
    row.put("app", app)
        .put("component", Json.text(build, "metadata", "labels", "berth.dev/component"))
        .put("repository", repository);
    Row.putOrNull(row, "image", Json.optional(status, "image"));
    Row.putOrNull(row, "node", Json.optional(build, "spec", "nodeName"));
    Row.setOrNull(row, "step", step(status.path("steps")));
    steps(row.putArray("steps"), status.path("steps"));
    Row.putOrNull(row, "started", Json.optional(status, "startTime"));
    Row.putOrNull(row, "completed", Json.optional(status, "completionTime"));
    ArrayNode output = row.putArray("lastOutput");
    Json.at(status, "failure", "lastOutput")
        .forEach(line -> output.add(Verdict.shown(line.asString(""))));
    return Row.of(row, verdict, app, repository);
  }

  private static Verdict verdict(JsonNode build) {
    String phase = Json.optional(build, "status", "phase").orElse("Pending");
    Optional<Cause> cause = BuildCauses.of(build);
    if (cause.isPresent()) {
      return Verdict.of(Health.FAILING, phase, cause.get(), cause.get().fix())
          .since(Times.at(build, "status", "completionTime"));
    }
    return Verdict.of(phase.equals("Succeeded") ? Health.OK : Health.WORKING, phase);
  }

  /// The one that runs; after the end the one that failed, else none.
  private static Optional<ObjectNode> step(JsonNode steps) {
    return steps
        .valueStream()
        .filter(step -> Json.text(step, "state").matches("Running|Failed"))
        .findFirst()
        .map(
            step ->
                Json.object()
                    .put("number", step.path("number").asInt(0))
                    .put("total", step.path("total").asInt(0))
                    .put("instruction", Verdict.shown(Json.text(step, "instruction"))));
  }

  private static void steps(ArrayNode list, JsonNode steps) {
    steps
        .valueStream()
        .limit(MOST_STEPS)
        .forEach(
            step -> {
              ObjectNode one =
                  list.addObject()
                      .put("number", step.path("number").asInt(0))
                      .put("line", step.path("line").asInt(0))
                      .put("instruction", Verdict.shown(Json.text(step, "instruction")))
                      .put("state", Json.text(step, "state"))
                      .put("cached", step.path("cached").asBoolean(false))
                      .put("reason", Verdict.shown(Json.text(step, "reason")));
              Row.putOrNull(one, "duration", Json.optional(step, "duration"));
            });
  }
}
