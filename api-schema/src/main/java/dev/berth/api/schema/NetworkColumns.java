package dev.berth.api.schema;

import static dev.berth.api.schema.Cells.age;
import static dev.berth.api.schema.Cells.name;
import static dev.berth.api.schema.Cells.orNone;
import static dev.berth.api.schema.Cells.text;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// The tables of the ways into the cluster and between its pods, in kubectl's columns.
final class NetworkColumns {
  private static final int SHOWN = 3;

  private NetworkColumns() {}

  static List<Column> ingress() {
    return List.of(
        name(),
        text("Class", "Who serves it.", i -> orNone(Json.text(i, "spec", "ingressClassName"))),
        text("Hosts", "Names that it serves.", NetworkColumns::hosts),
        text("Address", "Where it is reached.", NetworkColumns::address),
        text(
            "Ports",
            "Ports that it is reached at.",
            i -> Json.at(i, "spec", "tls").isEmpty() ? "80" : "80, 443"),
        age());
  }

  private static String hosts(JsonNode ingress) {
    List<String> hosts =
        Json.at(ingress, "spec", "rules")
            .valueStream()
            .map(rule -> Json.text(rule, "host"))
            .filter(host -> !host.isEmpty())
            .toList();
    return hosts.isEmpty() ? "*" : shortened(hosts);
  }

  /// Three of them and how many more, as kubectl shortens.
  private static String shortened(List<String> all) {
    String shown = String.join(",", all.subList(0, Math.min(SHOWN, all.size())));
    return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
  }

  private static String address(JsonNode ingress) {
    return Json.at(ingress, "status", "loadBalancer", "ingress")
        .valueStream()
        .map(one -> Json.optional(one, "ip").orElse(Json.text(one, "hostname")))
        .collect(Collectors.joining(","));
  }

  static List<Column> ingressClass() {
    return List.of(
        name(),
        text("Controller", "What serves it.", c -> Json.text(c, "spec", "controller")),
        text("Parameters", "What says more about it.", NetworkColumns::parameters),
        age());
  }

  private static String parameters(JsonNode kind) {
    JsonNode parameters = Json.at(kind, "spec", "parameters");
    if (!parameters.isObject()) {
      return Cells.NONE;
    }
    String group = Json.text(parameters, "apiGroup");
    return Json.text(parameters, "kind")
        + (group.isEmpty() ? "" : "." + group)
        + "/"
        + Json.text(parameters, "name");
  }

  static List<Column> policy() {
    return List.of(
        name(),
        text("Pod-Selector", "Pods it is about.", p -> Cells.selector(p, "spec", "podSelector")),
        age());
  }

  static List<Column> endpoints() {
    return List.of(
        name(), text("Endpoints", "Addresses and ports.", NetworkColumns::addresses), age());
  }

  private static String addresses(JsonNode endpoints) {
    List<String> all = new ArrayList<>();
    for (JsonNode subset : endpoints.path("subsets")) {
      for (JsonNode address : subset.path("addresses")) {
        String ip = Json.text(address, "ip");
        if (subset.path("ports").isEmpty()) {
          all.add(ip);
        }
        subset.path("ports").forEach(port -> all.add(ip + ":" + Json.text(port, "port")));
      }
    }
    return all.isEmpty() ? Cells.NONE : shortened(all);
  }
}
