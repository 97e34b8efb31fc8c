package dev.berth.cli.look;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// A `Table` of meta.k8s.io/v1, reduced to what is printed.
record ServerTable(List<String> headings, List<List<String>> rows, String resourceVersion) {
  static final String ACCEPT = "application/json;as=Table;v=v1;g=meta.k8s.io";

  /// `wide` keeps the columns of lower priority; `namespaces` puts the namespace in front.
  static ServerTable of(JsonNode table, boolean wide, boolean namespaces) {
    List<Integer> shown = new ArrayList<>();
    List<String> headings = new ArrayList<>(namespaces ? List.of("namespace") : List.of());
    JsonNode columns = table.path("columnDefinitions");
    for (int i = 0; i < columns.size(); i++) {
      if (wide || columns.get(i).path("priority").asInt(0) == 0) {
        shown.add(i);
        headings.add(Json.text(columns.get(i), "name"));
      }
    }
    List<List<String>> rows = new ArrayList<>();
    table.path("rows").forEach(row -> rows.add(row(row, shown, namespaces)));
    return new ServerTable(headings, rows, Json.resourceVersion(table));
  }

  private static List<String> row(JsonNode row, List<Integer> shown, boolean namespaces) {
    List<String> cells = new ArrayList<>();
    if (namespaces) {
      cells.add(Json.namespace(row.path("object")));
    }
    shown.forEach(i -> cells.add(cell(row.path("cells").path(i))));
    return cells;
  }

  private static String cell(JsonNode cell) {
    if (cell.isNull() || cell.isMissingNode()) {
      return "<none>";
    }
    return cell.isValueNode() ? cell.asString() : cell.toString();
  }
}
