package dev.berth.dashboard.rows;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Situation;
import dev.berth.api.why.Why;
import dev.berth.dashboard.scene.Scene;
import dev.berth.dashboard.scene.Workload;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class PodRows {
  private static final Function<JsonNode, String> STATUS = Cells.column(Kinds.POD, "Status");
  private static final Function<JsonNode, String> READY = Cells.column(Kinds.POD, "Ready");

  /// Rows of pods that are well, by the identity of their trees: nothing else plays a part in them.
  private static final String WELL = "pods-well";

  private final Scene scene;
  private final Instant now;

  PodRows(Scene scene, Instant now) {
    this.scene = scene;
    this.now = now;
  }

  List<Row> all() {
    IdentityHashMap<JsonNode, Row> known =
        scene.<IdentityHashMap<JsonNode, Row>>earlier(WELL).orElseGet(IdentityHashMap::new);
    IdentityHashMap<JsonNode, Row> well = new IdentityHashMap<>();
    List<Row> rows = new ArrayList<>();
    for (JsonNode pod : scene.list(Kinds.POD)) {
      Row row = known.get(pod);
      row = row == null ? row(pod) : row;
      rows.add(row);
      if (row.health() == Health.OK) {
        well.put(pod, row);
      }
    }
    scene.remember(WELL, () -> well);
    return rows;
  }

  private Row row(JsonNode pod) {
    Verdict verdict = verdict(pod);
    Optional<Workload> owner = Workload.of(pod);
    String app = Scene.appOf(pod).orElse("");
    String node = Json.text(pod, "spec", "nodeName");
    ObjectNode row = Row.begin(pod, verdict);
    Row.putOrNull(row, "node", Optional.of(node));
    row.put("ready", READY.apply(pod)).put("restarts", restarts(pod));
    Row.putOrNull(row, "ip", Json.optional(pod, "status", "podIP"));
    Row.setOrNull(row, "owner", owner.map(PodRows::reference));
    row.put("app", app)
        .put("component", Json.text(pod, "metadata", "labels", "berth.dev/component"));
    ArrayNode containers = row.putArray("containers");
    Json.at(pod, "spec", "containers").forEach(c -> containers.add(Json.text(c, "name")));
    return Row.of(row, verdict, node, app, owner.map(Workload::name).orElse(""));
  }

  private static ObjectNode reference(Workload owner) {
    return Json.object().put("kind", owner.kind()).put("name", owner.name());
  }

  private Verdict verdict(JsonNode pod) {
    String word = STATUS.apply(pod);
    String phase = Json.text(pod, "status", "phase");
    if (Json.isDeleting(pod)) {
      return Verdict.of(Health.WORKING, word);
    }
    if (phase.equals("Succeeded") || Conditions.isTrue(pod, "Ready")) {
      return Verdict.of(Health.OK, word);
    }
    Explanation why =
        Why.of(
            new Situation(
                pod, List.of(), List.of(), List.of(), List.of(), scene.nodes(), List.of()),
            now);
    Verdict verdict = Verdict.of(why, false, word, word);
    return phase.equals("Failed") && verdict.health() != Health.FAILING
        ? Verdict.of(
            Health.FAILING,
            word,
            Json.text(pod, "status", "reason"),
            Json.text(pod, "status", "message"))
        : verdict;
  }

  private static long restarts(JsonNode pod) {
    return Json.at(pod, "status", "containerStatuses")
        .valueStream()
        .mapToLong(status -> status.path("restartCount").asLong(0))
        .sum();
  }
}
