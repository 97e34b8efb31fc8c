package dev.berth.dashboard.summary;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.dashboard.port.Traffic;
import dev.berth.dashboard.rows.Health;
import dev.berth.dashboard.rows.Row;
import dev.berth.dashboard.rows.Rows;
import dev.berth.dashboard.scene.Scene;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Everything of the summary but its revision and time.
final class SummaryDocument {
  static final int MOST_APPS = 200;
  static final int MOST_REPOSITORIES = 100;
  static final int MOST_NODES = 100;
  static final int MOST_BUILDS = 50;

  private static final List<String> READ =
      List.of("modelapps", "pods", "nodes", "gitrepositories", "builds", "deployments", "jobs");

  private static final List<ResourceType> TOLD_IF_HIDDEN =
      List.of(
          Kinds.MODEL_APP,
          Kinds.POD,
          Kinds.NODE,
          Kinds.DEPLOYMENT,
          Kinds.JOB,
          Kinds.IMAGE_BUILD,
          Kinds.GIT_REPOSITORY,
          Kinds.EVENT);

  /// What is under way and what failed, then the newest.
  private static final Comparator<Row> BUILDS =
      Comparator.comparing((Row row) -> row.health() == Health.OK)
          .thenComparing(row -> Json.text(row.json(), "created"), Comparator.reverseOrder());

  private SummaryDocument() {}

  static ObjectNode of(
      Scene scene, Map<ObjectKey, Traffic.Figures> traffic, String version, Instant now) {
    Map<String, List<Row>> rows = new LinkedHashMap<>();
    READ.forEach(kind -> rows.put(kind, Rows.of(kind, scene, traffic, now)));
    Problems problems = new Problems(rows);
    ObjectNode document = Json.object();
    hidden(document.putArray("hidden"), scene);
    ObjectNode cluster = document.putObject("cluster").put("version", version);
    boolean nodesHidden = scene.reach(Kinds.NODE).isNowhere();
    cluster.set("nodes", nodesHidden ? null : nodes(rows.getOrDefault("nodes", List.of())));
    cluster.set("pods", pods(rows.getOrDefault("pods", List.of())));
    cluster.put("problems", problems.count());
    List<Row> apps = rows.getOrDefault("modelapps", List.of());
    document.set("apps", first(MOST_APPS, apps));
    document.put("appsTotal", apps.size());
    document.set("problems", problems.toJson());
    document.set("git", first(MOST_REPOSITORIES, rows.getOrDefault("gitrepositories", List.of())));
    document.set("nodes", first(MOST_NODES, rows.getOrDefault("nodes", List.of())));
    document.set(
        "builds",
        first(
            MOST_BUILDS, rows.getOrDefault("builds", List.of()).stream().sorted(BUILDS).toList()));
    return document;
  }

  private static void hidden(ArrayNode list, Scene scene) {
    TOLD_IF_HIDDEN.stream()
        .filter(type -> scene.reach(type).isNowhere())
        .forEach(type -> list.add(type.plural()));
  }

  private static ArrayNode first(int most, List<Row> rows) {
    ArrayNode list = Json.array();
    rows.stream().limit(most).forEach(row -> list.add(row.json()));
    return list;
  }

  private static ObjectNode nodes(List<Row> rows) {
    return Json.object()
        .put("ready", rows.stream().filter(SummaryDocument::isReadyNode).count())
        .put("total", rows.size());
  }

  /// One under pressure, or closed for new pods, still runs what it has.
  private static boolean isReadyNode(Row node) {
    return node.health() != Health.FAILING && node.health() != Health.WORKING;
  }

  private static ObjectNode pods(List<Row> rows) {
    long failing = rows.stream().filter(row -> row.health() == Health.FAILING).count();
    long waiting = rows.stream().filter(row -> row.health() == Health.WORKING).count();
    long done = rows.stream().filter(SummaryDocument::isDone).count();
    return Json.object()
        .put("running", rows.size() - failing - waiting - done)
        .put("waiting", waiting)
        .put("failing", failing)
        .put("done", done)
        .put("total", rows.size());
  }

  private static boolean isDone(Row pod) {
    return pod.health() == Health.OK && Json.text(pod.json(), "word").equals("Completed");
  }
}
