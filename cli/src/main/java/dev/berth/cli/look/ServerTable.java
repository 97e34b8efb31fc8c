package dev.berth.cli.look;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A `Table` of meta.k8s.io/v1, reduced to what is printed.
record ServerTable(List<String> headings, List<List<String>> rows, String resourceVersion) {
  static final String ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io";

  /// What is asked for beside the plain columns.
  ///
  /// @param wide keeps the columns of lower priority
  /// @param namespaces puts the namespace in front
  /// @param labels puts the labels behind
  record Extras(boolean wide, boolean namespaces, boolean labels) {}

  static ServerTable of(JsonNode table, Extras extras) {
    List<Integer> shown = new ArrayList<>();
    List<String> headings = new ArrayList<>(extras.namespaces() ? List.of("namespace") : List.of());
    JsonNode columns = table.path("columnDefinitions");
    for (int i = 0; i < columns.size(); i++) {
      if (extras.wide() || columns.get(i).path("priority").asInt(0) == 0) {
        shown.add(i);
        headings.add(Json.text(columns.get(i), "name"));
      }
    }
    if (extras.labels()) {
      headings.add("labels");
    }
    List<List<String>> rows = new ArrayList<>();
    table.path("rows").forEach(row -> rows.add(row(row, shown, extras)));
    return new ServerTable(headings, rows, Json.resourceVersion(table));
  }

  private static List<String> row(JsonNode row, List<Integer> shown, Extras extras) {
    List<String> cells = new ArrayList<>();
    if (extras.namespaces()) {
      cells.add(Json.namespace(row.path("object")));
    }
    shown.forEach(i -> cells.add(cell(row.path("cells").path(i))));
    if (extras.labels()) {
      cells.add(labels(row.path("object")));
    }
    return cells;
  }

  private static String labels(JsonNode object) {
    List<String> labels = new ArrayList<>();
    Json.labels(object).forEach((name, value) -> labels.add(name + "=" + value));
    return labels.isEmpty() ? "<none>" : String.join(",", labels);
  }

  private static String cell(JsonNode cell) {
    if (cell.isNull() || cell.isMissingNode()) {
      return "<none>";
    }
    return cell.isValueNode() ? cell.asString() : cell.toString();
  }
}
