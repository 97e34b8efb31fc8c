package dev.berth.controller.policy;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Quantity;
import dev.berth.api.ResourceType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// One ResourceQuota: what it counts, and what is too much for it.
public record Quota(String name, Amounts hard, List<Scope> scopes) {
  /// A quota of these wants every container to say what it asks for.
  private static final Set<String> EXPLICIT =
      Set.of("cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory");

  private static final Set<String> OF_BEST_EFFORT = Set.of("pods", "count/pods");

  public Quota {
    scopes = List.copyOf(scopes);
  }

  public static Quota of(JsonNode quota) {
    return new Quota(
        Json.name(quota), Amounts.read(Json.at(quota, "spec", "hard")), Scope.of(quota));
  }

  /// The kinds, as `plural.group`, whose objects use something of this quota.
  public Set<String> kinds() {
    return hard.of().keySet().stream().map(Counting::kindOf).collect(Collectors.toSet());
  }

  public boolean counts(ResourceType type) {
    return kinds().contains(type.qualifiedName());
  }

  private boolean matches(ResourceType type, JsonNode object) {
    return scopes.isEmpty()
        || (type.equals(Kinds.POD) && scopes.stream().allMatch(scope -> scope.matches(object)));
  }

  /// What the object uses of this quota.
  public Amounts used(ResourceType type, JsonNode object) {
    if (!matches(type, object)) {
      return Amounts.NONE;
    }
    Amounts used = Counting.used(type, object).only(hard.of().keySet());
    return scopes.stream().anyMatch(Scope::isBestEffort) ? used.only(OF_BEST_EFFORT) : used;
  }

  /// What all these use; nothing is used of what the kind could use where there are none.
  public Amounts used(ResourceType type, Collection<? extends JsonNode> objects) {
    Amounts sum = Amounts.NONE;
    for (String resource : hard.of().keySet()) {
      if (Counting.kindOf(resource).equals(type.qualifiedName())) {
        sum = sum.plus(new Amounts(new TreeMap<>(Map.of(resource, Quantity.ZERO))));
      }
    }
    for (JsonNode object : objects) {
      sum = sum.plus(used(type, object));
    }
    return sum;
  }

  /// Why the object may not be written, if so.
  ///
  /// @param old what was stored before, when this is an update
  /// @param others all other objects of the kind in the namespace
  public Optional<String> refusal(
      ResourceType type,
      JsonNode object,
      @Nullable JsonNode old,
      Collection<? extends JsonNode> others) {
    if (!matches(type, object)) {
      return Optional.empty();
    }
    if (type.equals(Kinds.POD) && old == null) {
      Optional<String> missing = missing(object);
      if (missing.isPresent()) {
        return missing;
      }
    }
    Amounts before = old == null ? Amounts.NONE : used(type, old);
    Amounts more = increase(before, used(type, object));
    return more.isEmpty() ? Optional.empty() : exceeded(more, used(type, others).plus(before));
  }

  private static Amounts increase(Amounts before, Amounts after) {
    Map<String, Quantity> more = new TreeMap<>();
    after
        .of()
        .forEach(
            (resource, amount) -> {
              Quantity rise = amount.minus(before.get(resource));
              if (rise.compareTo(Quantity.ZERO) > 0) {
                more.put(resource, rise);
              }
            });
    return new Amounts(new TreeMap<>(more));
  }

  private Optional<String> exceeded(Amounts more, Amounts used) {
    Amounts then = used.plus(more);
    Set<String> over = new TreeSet<>();
    for (String resource : more.of().keySet()) {
      if (then.get(resource).compareTo(hard.get(resource)) > 0) {
        over.add(resource);
      }
    }
    return over.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "exceeded quota: "
                + name
                + ", requested: "
                + more.only(over)
                + ", used: "
                + used.only(over)
                + ", limited: "
                + hard.only(over));
  }

  private Optional<String> missing(JsonNode pod) {
    Map<String, Set<String>> missing = new TreeMap<>();
    for (String containers : List.of("containers", "initContainers")) {
      for (JsonNode container : Json.at(pod, "spec", containers)) {
        for (String resource : hard.of().keySet()) {
          if (EXPLICIT.contains(resource) && !says(container, resource)) {
            missing
                .computeIfAbsent(resource, _ -> new TreeSet<>())
                .add(Json.text(container, "name"));
          }
        }
      }
    }
    List<String> said = new ArrayList<>();
    missing.forEach((resource, names) -> said.add(resource + " for: " + String.join(",", names)));
    return said.isEmpty()
        ? Optional.empty()
        : Optional.of("failed quota: " + name + ": must specify " + String.join("; ", said));
  }

  private static boolean says(JsonNode container, String resource) {
    String field = resource.startsWith("limits.") ? "limits" : "requests";
    String of = resource.substring(resource.indexOf('.') + 1);
    return !Json.text(container, "resources", field, of).isEmpty();
  }
}
