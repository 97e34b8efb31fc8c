package dev.berth.api.modelapp;

import dev.berth.api.Json;
import dev.berth.api.schema.Schemas;
import dev.berth.api.schema.StrategicMerge;
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

  /// The pod's spec with the `podTemplate` merged into it, as a strategic merge patch; the argument
  /// is not changed.
  public ObjectNode patched(ObjectNode podSpec) {
    return StrategicMerge.apply(podSpec, podTemplate, Schemas.podSpec());
  }

  private static List<String> texts(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false).map(node -> node.asString("")).toList();
  }
}
