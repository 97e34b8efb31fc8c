package dev.berth.controller.usage;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import dev.berth.api.Times;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Two samples of one node, and what was used between them.
public record Window(Sample from, Sample to) {
  private static final Duration LEAST = Duration.ofMillis(100);
  private static final double NANOS = 1e9;

  /// The fields of a NodeMetrics beside its metadata; empty when the samples allow no rate.
  public Optional<ObjectNode> node() {
    return usage(from.node(), to.node())
        .map(
            usage -> {
              ObjectNode fields = fields();
              fields.set("usage", usage);
              return fields;
            });
  }

  /// The fields of a PodMetrics beside its metadata. Empty when a container of it was not there, or
  /// was started anew, between the samples: a sum that leaves one out would be no one's.
  public Optional<ObjectNode> pod(String uid) {
    Map<String, Sample.Use> before = from.pods().getOrDefault(uid, Map.of());
    Map<String, Sample.Use> after = new TreeMap<>(to.pods().getOrDefault(uid, Map.of()));
    ObjectNode fields = fields();
    ArrayNode containers = fields.putArray("containers");
    after.forEach(
        (name, use) ->
            Optional.ofNullable(before.get(name))
                .flatMap(earlier -> usage(earlier, use))
                .ifPresent(usage -> containers.addObject().put("name", name).set("usage", usage)));
    boolean whole = !after.isEmpty() && containers.size() == after.size();
    return whole ? Optional.of(fields) : Optional.empty();
  }

  private ObjectNode fields() {
    BigDecimal seconds = BigDecimal.valueOf(length().toMillis(), 3).stripTrailingZeros();
    return Json.object()
        .put("timestamp", Times.format(to.at()))
        .put("window", seconds.toPlainString() + "s");
  }

  private Duration length() {
    return Duration.between(from.at(), to.at());
  }

  private Optional<ObjectNode> usage(Sample.Use before, Sample.Use after) {
    long nanos = after.cpuNanos() - before.cpuNanos();
    if (nanos < 0 || length().compareTo(LEAST) < 0) {
      return Optional.empty();
    }
    double cores = nanos / (double) length().toNanos();
    Quantity cpu =
        new Quantity(BigDecimal.valueOf(Math.round(cores * NANOS), 9), Quantity.Family.DECIMAL);
    return Optional.of(
        Json.object()
            .put("cpu", cpu.toString())
            .put("memory", Quantity.ofBytes(after.memoryBytes()).toString()));
  }
}
