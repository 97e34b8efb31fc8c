package dev.berth.api.modelapp;

import dev.berth.api.Json;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What model and app have in common: a container. `env`, `resources` and `podTemplate` stay the
/// Kubernetes trees that they are copied into; they are shared and must not be changed.
public record Workload(
    Source source,
    OptionalInt port,
    List<String> command,
    List<String> args,
    ArrayNode env,
    ObjectNode resources,
    HealthSpec health,
    ObjectNode podTemplate) {

  static Workload read(JsonNode component) {
    return new Workload(
        Source.read(component),
        component.path("port").asIntOpt(),
        texts(component.path("command")),
        texts(component.path("args")),
        component.get("env") instanceof ArrayNode env ? env : Json.array(),
        component.get("resources") instanceof ObjectNode resources ? resources : Json.object(),
        HealthSpec.read(component.path("health")),
        component.get("podTemplate") instanceof ObjectNode template ? template : Json.object());
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(node -> node.asString("")).toList();
  }
}
