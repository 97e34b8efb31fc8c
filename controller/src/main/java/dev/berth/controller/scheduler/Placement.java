package dev.berth.controller.scheduler;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Requests;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The choice itself. Every node is asked for the first reason against it; among those without one,
/// the node with the smallest share of its CPU and memory spoken for wins, then the one with fewer
/// pods.
public final class Placement {
  private static final List<String> PRESSURES =
      List.of("DiskPressure", "MemoryPressure", "PIDPressure");

  private Placement() {}

  /// Against a node; `amounts` is empty where the reason has none.
  private record Reason(String gist, String amounts) {
    static Reason of(String gist) {
      return new Reason(gist, "");
    }

    String text() {
      return amounts.isEmpty() ? gist : gist + " (" + amounts + ")";
    }
  }

  public static Decision decide(JsonNode pod, Snapshot snapshot) {
    Requests wanted = Requests.of(pod);
    List<Snapshot.Place> fitting = new ArrayList<>();
    Map<String, Reason> reasons = new TreeMap<>();
    for (Snapshot.Place place : snapshot.places()) {
      Optional<Reason> reason = against(pod, wanted, place);
      if (reason.isPresent()) {
        reasons.put(place.name(), reason.get());
      } else {
        fitting.add(place);
      }
    }
    return fitting.stream()
        .min(leastAllocated(wanted))
        .<Decision>map(place -> new Decision.Bind(place.name()))
        .orElseGet(
            () ->
                new Decision.Unschedulable(
                    message(pod, wanted, snapshot, reasons, Reason::text),
                    message(pod, wanted, snapshot, reasons, Reason::gist)));
  }

  private static Optional<Reason> against(JsonNode pod, Requests wanted, Snapshot.Place place) {
    JsonNode node = place.node();
    if (Json.at(node, "spec", "unschedulable").asBoolean(false)) {
      return Optional.of(Reason.of("is cordoned (unschedulable)"));
    }
    if (Conditions.find(node, "Ready").filter(Placement::isSilent).isPresent()) {
      return Optional.of(Reason.of("is not ready: its agent is not heard of"));
    }
    Optional<String> taint = Taints.intolerable(pod, node);
    if (taint.isPresent()) {
      return taint.map(t -> Reason.of("has untolerated taint " + t));
    }
    if (!Conditions.isTrue(node, "Ready")) {
      return Optional.of(Reason.of("is not ready"));
    }
    return pressure(node)
        .or(() -> selector(pod, node))
        .map(Reason::of)
        .or(() -> room(wanted, place));
  }

  private static boolean isSilent(Condition ready) {
    return ready.status().equals(Condition.UNKNOWN);
  }

  /// A node that is short of something keeps what it has and gets nothing new.
  private static Optional<String> pressure(JsonNode node) {
    return PRESSURES.stream()
        .flatMap(type -> Conditions.find(node, type).stream())
        .filter(Condition::isTrue)
        .map(c -> "has " + c.type() + (c.message().isEmpty() ? "" : " (" + c.message() + ")"))
        .findFirst();
  }

  private static Optional<String> selector(JsonNode pod, JsonNode node) {
    Map<String, String> labels = Json.labels(node);
    for (var wanted : wantedLabels(pod).entrySet()) {
      if (!wanted.getValue().equals(labels.get(wanted.getKey()))) {
        return Optional.of("does not have label " + wanted.getKey() + "=" + wanted.getValue());
      }
    }
    return Optional.empty();
  }

  private static Map<String, String> wantedLabels(JsonNode pod) {
    return Json.strings(Json.at(pod, "spec", "nodeSelector"));
  }

  private static Optional<Reason> room(Requests wanted, Snapshot.Place place) {
    Requests free = place.free();
    Requests has = place.has();
    if (wanted.cpuMilli() > free.cpuMilli()) {
      return Optional.of(
          new Reason(
              "has Insufficient cpu",
              Amounts.cpu(wanted.cpuMilli())
                  + " asked for, "
                  + Amounts.cpu(free.cpuMilli())
                  + " of "
                  + Amounts.cpu(has.cpuMilli())
                  + " free"));
    }
    if (wanted.memoryBytes() > free.memoryBytes()) {
      return Optional.of(
          new Reason(
              "has Insufficient memory",
              Amounts.memory(wanted.memoryBytes())
                  + " asked for, "
                  + Amounts.memory(free.memoryBytes())
                  + " of "
                  + Amounts.memory(has.memoryBytes())
                  + " free"));
    }
    return free.pods() < 1
        ? Optional.of(new Reason("has Too many pods", place.used().pods() + " of " + has.pods()))
        : Optional.empty();
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

  /// What no node can ever give is said first and alone: which node is full or cordoned just now
  /// does not matter then.
  private static String message(
      JsonNode pod,
      Requests wanted,
      Snapshot snapshot,
      Map<String, Reason> reasons,
      Function<Reason, String> words) {
    int count = snapshot.places().size();
    if (count == 0) {
      return "0/0 nodes are available: no node has registered; start an agent";
    }
    List<String> each = new ArrayList<>();
    reasons.forEach((node, reason) -> each.add(node + " " + words.apply(reason)));
    return "0/"
        + count
        + (count == 1 ? " node is" : " nodes are")
        + " available: "
        + tooLarge(wanted, snapshot)
            .or(() -> unknownLabels(pod, snapshot))
            .orElseGet(() -> String.join("; ", each));
  }

  private static Optional<String> tooLarge(Requests wanted, Snapshot snapshot) {
    if (snapshot.places().stream().anyMatch(place -> wanted.fitsIn(place.has()))) {
      return Optional.empty();
    }
    Snapshot.Place largest =
        snapshot.places().stream()
            .max(
                Comparator.<Snapshot.Place>comparingLong(place -> place.has().cpuMilli())
                    .thenComparingLong(place -> place.has().memoryBytes())
                    .thenComparing(Snapshot.Place::name))
            .orElseThrow();
    return Optional.of(
        "the pod asks for "
            + amounts(wanted)
            + ", more than any node has; the largest node, "
            + largest.name()
            + ", has "
            + amounts(largest.has())
            + " allocatable");
  }

  private static String amounts(Requests requests) {
    return Amounts.cpu(requests.cpuMilli())
        + " cpu and "
        + Amounts.memory(requests.memoryBytes())
        + " memory";
  }

  private static Optional<String> unknownLabels(JsonNode pod, Snapshot snapshot) {
    List<String> unknown = new ArrayList<>();
    wantedLabels(pod)
        .forEach(
            (key, value) -> {
              if (snapshot.places().stream()
                  .noneMatch(place -> value.equals(Json.labels(place.node()).get(key)))) {
                unknown.add(key + "=" + value + found(key, snapshot));
              }
            });
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "no node has the label "
                + String.join(" or ", unknown)
                + ", which the pod's nodeSelector asks for");
  }

  /// The values that the label does have somewhere.
  private static String found(String key, Snapshot snapshot) {
    List<String> values =
        snapshot.places().stream()
            .filter(place -> Json.labels(place.node()).containsKey(key))
            .map(place -> place.name() + " has " + key + "=" + Json.labels(place.node()).get(key))
            .limit(3)
            .toList();
    return values.isEmpty() ? "" : " (" + String.join(", ", values) + ")";
  }
}
