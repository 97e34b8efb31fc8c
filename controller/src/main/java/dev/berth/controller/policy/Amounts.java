package dev.berth.controller.policy;

import dev.berth.api.Json;
import dev.berth.api.Quantity;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How much of each resource, by name: `{cpu: 500m, pods: 3}`.
public record Amounts(SortedMap<String, Quantity> of) {
  public static final Amounts NONE = new Amounts(new TreeMap<>());

  public Amounts {
    of = Collections.unmodifiableSortedMap(new TreeMap<>(of));
  }

  /// What is no quantity is left out: validation has named it.
  static Amounts read(JsonNode tree) {
    SortedMap<String, Quantity> read = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : tree.properties()) {
      Quantity.tryParse(each.getValue().asString(""))
          .ifPresent(amount -> read.put(each.getKey(), amount));
    }
    return new Amounts(read);
  }

  Quantity get(String name) {
    return of.getOrDefault(name, Quantity.ZERO);
  }

  boolean isEmpty() {
    return of.isEmpty();
  }

  public Amounts plus(Amounts other) {
    SortedMap<String, Quantity> sum = new TreeMap<>(of);
    other.of.forEach((name, amount) -> sum.merge(name, amount, Amounts::sum));
    return new Amounts(sum);
  }

  /// In the larger one's way of writing: nothing and a Mi are a Mi.
  private static Quantity sum(Quantity a, Quantity b) {
    return a.compareTo(Quantity.ZERO) == 0 ? b.plus(a) : a.plus(b);
  }

  Amounts most(Amounts other) {
    SortedMap<String, Quantity> most = new TreeMap<>(of);
    other.of.forEach(
        (name, amount) -> most.merge(name, amount, (a, b) -> a.compareTo(b) < 0 ? b : a));
    return new Amounts(most);
  }

  Amounts only(Set<String> names) {
    SortedMap<String, Quantity> kept = new TreeMap<>(of);
    kept.keySet().retainAll(names);
    return new Amounts(kept);
  }

  public ObjectNode tree() {
    ObjectNode tree = Json.object();
    of.forEach((name, amount) -> tree.put(name, amount.toString()));
    return tree;
  }

  /// `cpu=500m,pods=3`.
  @Override
  public String toString() {
    return of.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(Collectors.joining(","));
  }
}
