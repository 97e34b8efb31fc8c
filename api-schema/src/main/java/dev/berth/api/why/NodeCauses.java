package dev.berth.api.why;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Why a node does not take pods, or does not do well by those that it has.
public final class NodeCauses {
  private static final List<String> PRESSURES =
      List.of("DiskPressure", "MemoryPressure", "PIDPressure");

  private NodeCauses() {}

  public static Optional<Cause> of(JsonNode node) {
    return lost(node)
        .or(() -> kernel(node))
        .or(() -> PRESSURES.stream().flatMap(type -> pressure(node, type).stream()).findFirst());
  }

  private static Optional<Cause> lost(JsonNode node) {
    return Conditions.find(node, "Ready")
        .filter(ready -> !ready.isTrue())
        .map(
            ready ->
                cause(
                    node,
                    ready.status().equals(Condition.UNKNOWN) ? "NodeLost" : ready.reason(),
                    ready,
                    Remedy.of(
                        "start the agent of node "
                            + Json.name(node)
                            + " again (sudo berth up, or berth agent), or check its network",
                        "berth describe node " + Json.name(node))));
  }

  private static Optional<Cause> kernel(JsonNode node) {
    return Conditions.find(node, "berth.dev/Kernel")
        .filter(c -> c.status().equals(Condition.FALSE))
        .map(
            c ->
                cause(
                    node,
                    Reason.KERNEL_FEATURE_MISSING.text(),
                    c,
                    Remedy.of(
                        "use a kernel that has it, or load its module, then start the agent")));
  }

  private static Optional<Cause> pressure(JsonNode node, String type) {
    return Conditions.find(node, type)
        .filter(Condition::isTrue)
        .map(c -> cause(node, type, c, relief(type, Json.name(node), c.message())));
  }

  private static Remedy relief(String type, String node, String message) {
    String apps = "berth get modelapps -A";
    return switch (type) {
      case "DiskPressure" -> Space.of(message, node).free("");
      case "MemoryPressure" ->
          Remedy.of(
              "end something on node "
                  + node
                  + ", set limits (spec.model.resources.limits.memory), or delete an app that is not"
                  + " needed: berth delete modelapp NAME",
              apps);
      default ->
          Remedy.of(
              "end processes on node "
                  + node
                  + ", or delete an app that is not needed: berth delete modelapp NAME",
              apps);
    };
  }

  private static Cause cause(JsonNode node, String reason, Condition c, Remedy remedy) {
    return Cause.of(reason, "node " + Json.name(node), c.message(), remedy)
        .at(Optional.of(c.lastTransitionTime()).filter(time -> !time.equals(Instant.EPOCH)));
  }
}
