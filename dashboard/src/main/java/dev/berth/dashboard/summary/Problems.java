package dev.berth.dashboard.summary;

import dev.berth.api.Json;
import dev.berth.api.Reason;
import dev.berth.dashboard.rows.Health;
import dev.berth.dashboard.rows.Row;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is wrong, each thing once: a failing pod is told by the ModelApp or the workload it belongs
/// to, however many of them fail alike.
final class Problems {
  static final int MOST = 50;

  /// Errors first, then what broke last: it is the likeliest to be news.
  private static final Comparator<Problem> ORDER =
      Comparator.comparing((Problem p) -> p.row().health())
          .thenComparing(p -> Json.text(p.row().json(), "since"), Comparator.reverseOrder())
          .thenComparing(Problem::kind)
          .thenComparing(Problem::namespace)
          .thenComparing(Problem::name);

  private final List<Problem> all = new ArrayList<>();

  private record Problem(String kind, String namespace, String name, Row row) {}

  /// @param rows by the names of their kinds
  Problems(Map<String, List<Row>> rows) {
    add("Node", rows.getOrDefault("nodes", List.of()));
    add("GitRepository", rows.getOrDefault("gitrepositories", List.of()));
    add("ModelApp", rows.getOrDefault("modelapps", List.of()));
    add("ImageBuild", ownerless(rows.getOrDefault("builds", List.of())));
    add("Deployment", ownerless(rows.getOrDefault("deployments", List.of())));
    add("Job", rows.getOrDefault("jobs", List.of()));
    pods(ownerless(rows.getOrDefault("pods", List.of())));
    all.sort(ORDER);
  }

  private static List<Row> ownerless(List<Row> rows) {
    return rows.stream().filter(row -> Json.text(row.json(), "app").isEmpty()).toList();
  }

  private void add(String kind, List<Row> rows) {
    rows.stream()
        .filter(row -> row.health().isProblem())
        .forEach(row -> all.add(new Problem(kind, row.namespace(), row.name(), row)));
  }

  /// Those of a workload that has a row of its own are told already, and so are those of which
  /// nothing is known but that their node is lost.
  private void pods(List<Row> pods) {
    Set<List<String>> told = new HashSet<>();
    all.forEach(p -> told.add(List.of(p.kind(), p.namespace(), p.name())));
    for (Row pod : pods) {
      boolean lost = Json.text(pod.json(), "reason").equals(Reason.NODE_LOST.text());
      boolean nodeTold = told.contains(List.of("Node", "", Json.text(pod.json(), "node")));
      if (!pod.health().isProblem() || (lost && nodeTold)) {
        continue;
      }
      boolean owned = pod.json().path("owner").isObject();
      String kind = owned ? Json.text(pod.json(), "owner", "kind") : "Pod";
      String name = owned ? Json.text(pod.json(), "owner", "name") : pod.name();
      if (told.add(List.of(kind, pod.namespace(), name))) {
        all.add(new Problem(kind, pod.namespace(), name, pod));
      }
    }
  }

  int count() {
    return all.size();
  }

  ArrayNode toJson() {
    ArrayNode list = Json.array();
    all.stream().limit(MOST).forEach(problem -> write(problem, list.addObject()));
    return list;
  }

  private static void write(Problem problem, ObjectNode json) {
    ObjectNode row = problem.row().json();
    json.put("severity", problem.row().health() == Health.FAILING ? "error" : "warning")
        .put("kind", problem.kind())
        .put("namespace", problem.namespace())
        .put("name", problem.name())
        .put("what", what(row))
        .put("fix", Json.text(row, "fix"));
    json.set("since", row.path("since"));
  }

  private static String what(ObjectNode row) {
    String message = Json.text(row, "message");
    String reason = Json.text(row, "reason");
    return message.isEmpty() ? reason : reason.isEmpty() ? message : reason + ": " + message;
  }
}
