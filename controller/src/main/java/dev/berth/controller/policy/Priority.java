package dev.berth.controller.policy;

import dev.berth.api.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The priority of a pod, as its class has it (Kubernetes, "Pod Priority and Preemption").
public final class Priority {
  /// There without an object: nobody can define names that begin with `system-`.
  private static final Map<String, Integer> SYSTEM =
      Map.of("system-cluster-critical", 2_000_000_000, "system-node-critical", 2_000_001_000);

  private Priority() {}

  /// Fills in what the class says; a pod without one gets that of the default class, if there is.
  ///
  /// @param classes all PriorityClasses
  /// @return why the pod may not be stored, if so
  public static Optional<String> fill(ObjectNode pod, List<? extends JsonNode> classes) {
    ObjectNode spec = Json.ensure(pod, "spec");
    String name = Json.text(spec, "priorityClassName");
    if (SYSTEM.containsKey(name)) {
      return set(spec, Json.object().put("value", SYSTEM.get(name)));
    }
    Optional<? extends JsonNode> found =
        name.isEmpty()
            ? byDefault(classes)
            : classes.stream().filter(each -> Json.name(each).equals(name)).findFirst();
    if (found.isPresent()) {
      spec.put("priorityClassName", Json.name(found.get()));
      return set(spec, found.get());
    }
    return name.isEmpty()
        ? contradiction(spec, 0)
        : Optional.of("no PriorityClass with name " + name + " was found");
  }

  /// The least of them, where there are several.
  private static Optional<? extends JsonNode> byDefault(List<? extends JsonNode> classes) {
    return classes.stream()
        .filter(each -> each.path("globalDefault").asBoolean(false))
        .min(Comparator.comparingInt(each -> each.path("value").asInt(0)));
  }

  private static Optional<String> set(ObjectNode spec, JsonNode of) {
    int value = of.path("value").asInt(0);
    Optional<String> contradiction = contradiction(spec, value);
    if (contradiction.isPresent()) {
      return contradiction;
    }
    spec.put("priority", value);
    if (of.has("preemptionPolicy") && !spec.has("preemptionPolicy")) {
      spec.set("preemptionPolicy", of.path("preemptionPolicy"));
    }
    return Optional.empty();
  }

  private static Optional<String> contradiction(ObjectNode spec, int value) {
    JsonNode own = spec.path("priority");
    return own.isNumber() && own.asInt(0) != value
        ? Optional.of(
            "the integer value of priority ("
                + own.asInt(0)
                + ") must not be provided in pod spec; priority admission controller computed "
                + value
                + " from the given PriorityClass name")
        : Optional.empty();
  }
}
