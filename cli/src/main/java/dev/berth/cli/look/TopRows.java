package dev.berth.cli.look;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What `metrics.k8s.io` tells, as rows in the units of `kubectl top`: thousandths of a core, and
/// MiB. Pure.
final class TopRows {
  private static final long MEBI = 1 << 20;
  private static final double PERCENT = 100;

  /// What is used by one line.
  record Used(List<String> names, long milliCores, long bytes, List<String> more) {
    static final Comparator<Used> BY_NAME = Comparator.comparing(used -> used.names().toString());
    static final Comparator<Used> BY_CPU =
        Comparator.comparingLong(Used::milliCores).reversed().thenComparing(BY_NAME);
    static final Comparator<Used> BY_MEMORY =
        Comparator.comparingLong(Used::bytes).reversed().thenComparing(BY_NAME);

    Used plus(long cpu, long memory) {
      return new Used(names, milliCores + cpu, bytes + memory, more);
    }

    String cpu() {
      return milliCores + "m";
    }

    String memory() {
      return bytes / MEBI + "Mi";
    }
  }

  private TopRows() {}

  /// Each node, with what part that is of what pods may use there.
  ///
  /// @param nodes as the API has them, for their sizes
  static List<Used> nodes(List<? extends JsonNode> metrics, List<? extends JsonNode> nodes) {
    Map<String, JsonNode> known = new TreeMap<>();
    nodes.forEach(node -> known.put(Json.name(node), node.path("status").path("allocatable")));
    List<Used> all = new ArrayList<>();
    for (JsonNode each : metrics) {
      JsonNode size = known.getOrDefault(Json.name(each), Json.object());
      JsonNode usage = each.path("usage");
      all.add(
          new Used(
              List.of(Json.name(each)),
              milli(usage, "cpu"),
              bytes(usage),
              List.of(
                  percent(milli(usage, "cpu"), milli(size, "cpu")),
                  percent(bytes(usage), bytes(size)))));
    }
    return all;
  }

  /// Each pod, or each of its containers.
  static List<Used> pods(List<? extends JsonNode> metrics, boolean namespaces, boolean containers) {
    List<Used> all = new ArrayList<>();
    for (JsonNode pod : metrics) {
      List<String> names = new ArrayList<>(namespaces ? List.of(Json.namespace(pod)) : List.of());
      names.add(Json.name(pod));
      if (!containers) {
        all.add(sum(new Used(names, 0, 0, List.of()), pod));
        continue;
      }
      for (JsonNode container : pod.path("containers")) {
        List<String> own = new ArrayList<>(names);
        own.add(Json.text(container, "name"));
        JsonNode usage = container.path("usage");
        all.add(new Used(own, milli(usage, "cpu"), bytes(usage), List.of()));
      }
    }
    return all;
  }

  /// The pods of ModelApps, by app and by what they are in it (`model`, `app`).
  static List<Used> apps(List<? extends JsonNode> metrics, boolean namespaces) {
    Map<List<String>, Used> all = new LinkedHashMap<>();
    Map<List<String>, Integer> counts = new LinkedHashMap<>();
    for (JsonNode pod : metrics) {
      String app = Json.labels(pod).getOrDefault("berth.dev/modelapp", "");
      if (!app.isEmpty()) {
        List<String> names = new ArrayList<>(namespaces ? List.of(Json.namespace(pod)) : List.of());
        names.addAll(List.of(app, Json.labels(pod).getOrDefault("berth.dev/component", "")));
        all.merge(
            names,
            sum(new Used(names, 0, 0, List.of()), pod),
            (a, b) -> a.plus(b.milliCores(), b.bytes()));
        counts.merge(names, 1, Integer::sum);
      }
    }
    return all.values().stream()
        .map(
            used ->
                new Used(
                    used.names(),
                    used.milliCores(),
                    used.bytes(),
                    List.of(Integer.toString(counts.getOrDefault(used.names(), 0)))))
        .toList();
  }

  private static Used sum(Used none, JsonNode pod) {
    Used all = none;
    for (JsonNode container : pod.path("containers")) {
      JsonNode usage = container.path("usage");
      all = all.plus(milli(usage, "cpu"), bytes(usage));
    }
    return all;
  }

  private static long milli(JsonNode usage, String resource) {
    return Quantity.tryParse(Json.text(usage, resource)).map(Quantity::milli).orElse(0L);
  }

  private static long bytes(JsonNode usage) {
    return Quantity.tryParse(Json.text(usage, "memory")).map(Quantity::value).orElse(0L);
  }

  private static String percent(long part, long whole) {
    return whole == 0 ? "<unknown>" : (long) (PERCENT * part / whole) + "%";
  }
}
