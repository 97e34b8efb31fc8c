package dev.berth.dashboard.rows;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Quantity;
import dev.berth.api.Requests;
import dev.berth.api.why.Cause;
import dev.berth.api.why.NodeCauses;
import dev.berth.dashboard.scene.Scene;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

final class NodeRows {
  private static final double MILLI = 1_000;

  private final Scene scene;

  NodeRows(Scene scene) {
    this.scene = scene;
  }

  List<Row> all() {
    return scene.list(Kinds.NODE).stream().map(this::row).toList();
  }

  private Row row(JsonNode node) {
    Verdict verdict = verdict(node);
    JsonNode info = Json.at(node, "status", "nodeInfo");
    List<JsonNode> pods =
        scene.podsOn(Json.name(node)).stream().filter(NodeRows::holdsResources).toList();
    ObjectNode row = Row.begin(node, verdict);
    row.put("unschedulable", isClosed(node));
    Row.putOrNull(row, "version", Json.optional(info, "kubeletVersion"));
    Row.putOrNull(row, "os", Json.optional(info, "osImage"));
    Row.putOrNull(row, "kernel", Json.optional(info, "kernelVersion"));
    Row.putOrNull(row, "arch", Json.optional(info, "architecture"));
    Row.putOrNull(row, "address", address(node));
    OptionalLong most = amount(node, "allocatable", "pods", Quantity::value);
    Requests requested = pods.stream().map(Requests::of).reduce(Requests.NONE, Requests::plus);
    row.putObject("pods")
        .put("running", pods.size())
        .put("capacity", most.isPresent() ? most.getAsLong() : null);
    cpu(row.putObject("cpu"), node, requested);
    memory(row.putObject("memory"), node, requested);
    conditions(row.putArray("conditions"), node);
    return Row.of(row, verdict, Json.text(row, "version"), Json.text(row, "address"));
  }

  private static Verdict verdict(JsonNode node) {
    Optional<Cause> cause = NodeCauses.of(node);
    boolean ready = Conditions.isTrue(node, "Ready");
    if (cause.isPresent()) {
      return Verdict.of(
          ready ? Health.WARNING : Health.FAILING,
          ready ? cause.get().reason() : "NotReady",
          cause.get(),
          cause.get().fix());
    }
    if (!ready) {
      return Verdict.of(Health.WORKING, "Starting", "", "its agent has not reported yet");
    }
    return isClosed(node)
        ? Verdict.of(Health.PAUSED, "Cordoned", "", "new pods are not placed here")
        : Verdict.of(Health.OK, "Ready");
  }

  private static boolean isClosed(JsonNode node) {
    return Json.at(node, "spec", "unschedulable").asBoolean(false);
  }

  private static boolean holdsResources(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return !phase.equals("Succeeded") && !phase.equals("Failed");
  }

  private static Optional<String> address(JsonNode node) {
    return Json.at(node, "status", "addresses")
        .valueStream()
        .filter(address -> Json.text(address, "type").equals("InternalIP"))
        .map(address -> Json.text(address, "address"))
        .findFirst();
  }

  private static void cpu(ObjectNode row, JsonNode node, Requests requested) {
    putCores(row, "capacity", amount(node, "capacity", "cpu", Quantity::milli));
    putCores(row, "allocatable", amount(node, "allocatable", "cpu", Quantity::milli));
    putCores(row, "requested", OptionalLong.of(requested.cpuMilli()));
  }

  private static void putCores(ObjectNode row, String name, OptionalLong milli) {
    row.put(name, milli.isPresent() ? Double.valueOf(milli.getAsLong() / MILLI) : null);
  }

  private static void memory(ObjectNode row, JsonNode node, Requests requested) {
    putBytes(row, "capacity", amount(node, "capacity", "memory", Quantity::value));
    putBytes(row, "allocatable", amount(node, "allocatable", "memory", Quantity::value));
    putBytes(row, "requested", OptionalLong.of(requested.memoryBytes()));
  }

  private static void putBytes(ObjectNode row, String name, OptionalLong bytes) {
    row.put(name, bytes.isPresent() ? Long.valueOf(bytes.getAsLong()) : null);
  }

  private static OptionalLong amount(
      JsonNode node, String of, String resource, ToLongFunction<Quantity> unit) {
    Optional<Quantity> amount = Quantity.tryParse(Json.text(node, "status", of, resource));
    return amount.isPresent()
        ? OptionalLong.of(unit.applyAsLong(amount.get()))
        : OptionalLong.empty();
  }

  private static void conditions(ArrayNode list, JsonNode node) {
    Conditions.all(node)
        .forEach(
            c ->
                list.addObject()
                    .put("type", c.type())
                    .put("status", c.status())
                    .put("reason", Verdict.shown(c.reason()))
                    .put("message", Verdict.shown(c.message())));
  }
}
