package dev.berth.controller.scheduler;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The choice itself. Every node is asked for the first reason against it; among those without one,
/// the node with the smallest share of its CPU and memory spoken for wins, then the one with fewer
/// pods.
public final class Placement {
  private Placement() {}

  public static Decision decide(JsonNode pod, Snapshot snapshot) {
    Requests wanted = Requests.of(pod);
    List<Snapshot.Place> fitting = new ArrayList<>();
    Map<String, String> reasons = new TreeMap<>();
    for (Snapshot.Place place : snapshot.places()) {
      Optional<String> reason = against(pod, wanted, place);
      if (reason.isPresent()) {
        reasons.put(place.name(), reason.get());
      } else {
        fitting.add(place);
      }
    }
    return fitting.stream()
        .min(leastAllocated(wanted))
        .<Decision>map(place -> new Decision.Bind(place.name()))
        .orElseGet(() -> new Decision.Unschedulable(message(snapshot, reasons)));
  }

  private static Optional<String> against(JsonNode pod, Requests wanted, Snapshot.Place place) {
    JsonNode node = place.node();
    if (Json.at(node, "spec", "unschedulable").asBoolean(false)) {
      return Optional.of("is cordoned (unschedulable)");
    }
    Optional<String> taint = Taints.intolerable(pod, node);
    if (taint.isPresent()) {
      return taint.map(t -> "has untolerated taint " + t);
    }
    if (!Conditions.isTrue(node, "Ready")) {
      return Optional.of("is not ready");
    }
    return selector(pod, node).or(() -> room(wanted, place));
  }

  private static Optional<String> selector(JsonNode pod, JsonNode node) {
    Map<String, String> labels = Json.labels(node);
    for (var wanted : Json.strings(Json.at(pod, "spec", "nodeSelector")).entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return Optional.of("does not have label " + wanted.getKey() + "=" + wanted.getValue());
      }
    }
    return Optional.empty();
  }

  private static Optional<String> room(Requests wanted, Snapshot.Place place) {
    Requests free = place.free();
    if (wanted.cpuMilli() > free.cpuMilli()) {
      return Optional.of(
          "Insufficient cpu: wants "
              + wanted.cpuMilli()
              + "m, "
              + Math.max(0, free.cpuMilli())
              + "m free");
    }
    if (wanted.memoryBytes() > free.memoryBytes()) {
      return Optional.of(
          "Insufficient memory: wants "
              + mebibytes(wanted.memoryBytes())
              + ", "
              + mebibytes(free.memoryBytes())
              + " free");
    }
    return free.pods() < 1 ? Optional.of("Too many pods") : Optional.empty();
  }

  private static String mebibytes(long bytes) {
    return Math.max(0, bytes >> 20) + "Mi";
  }

  private static Comparator<Snapshot.Place> leastAllocated(Requests wanted) {
    return Comparator.<Snapshot.Place>comparingDouble(
            place -> share(place.used().plus(wanted), place.has()))
        .thenComparingLong(place -> place.used().pods())
        .thenComparing(Snapshot.Place::name);
  }

  private static double share(Requests used, Requests has) {
    return part(used.cpuMilli(), has.cpuMilli()) + part(used.memoryBytes(), has.memoryBytes());
  }

  private static double part(long used, long has) {
    return has <= 0 ? 1 : (double) used / has;
  }

  private static String message(Snapshot snapshot, Map<String, String> reasons) {
    int count = snapshot.places().size();
    if (count == 0) {
      return "0/0 nodes are available: no node has registered; start an agent";
    }
    List<String> each = new ArrayList<>();
    reasons.forEach((node, reason) -> each.add(node + " " + reason));
    return "0/" + count + " nodes are available: " + String.join("; ", each);
  }
}
