package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import dev.berth.api.Names;
import dev.berth.api.Quantity;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Quotas, limits and priorities (Kubernetes API: ResourceQuota, LimitRange, PriorityClass); the
/// words are Kubernetes'.
final class PolicyRules {
  private static final long HIGHEST_PRIORITY = 1_000_000_000;
  private static final String NOT_NEGATIVE = "must be greater than or equal to 0";
  private static final Set<String> SCOPES =
      Set.of(
          "Terminating",
          "NotTerminating",
          "BestEffort",
          "NotBestEffort",
          "PriorityClass",
          "CrossNamespacePodAffinity",
          "VolumeAttributesClass");
  private static final List<String> AMOUNTS =
      List.of("max", "min", "default", "defaultRequest", "maxLimitRequestRatio");

  private PolicyRules() {}

  // ResourceQuota.

  static void quota(JsonNode quota, List<FieldError> errors) {
    JsonNode spec = quota.path("spec");
    amounts(spec.path("hard"), "spec.hard", errors);
    amounts(Json.at(quota, "status", "hard"), "status.hard", errors);
    amounts(Json.at(quota, "status", "used"), "status.used", errors);
    JsonNode scopes = spec.path("scopes");
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < scopes.size(); i++) {
      seen.add(scopes.path(i).asString(""));
      if (!SCOPES.contains(scopes.path(i).asString(""))) {
        errors.add(FieldError.invalid("spec.scopes", scopes, "unsupported scope"));
      }
    }
    for (String pair : List.of("Terminating NotTerminating", "BestEffort NotBestEffort")) {
      if (seen.containsAll(List.of(pair.split(" ", -1)))) {
        errors.add(FieldError.invalid("spec.scopes", scopes, "conflicting scopes"));
      }
    }
  }

  static void quotaUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (!Set.copyOf(texts(Json.at(old, "spec", "scopes")))
        .equals(Set.copyOf(texts(Json.at(changed, "spec", "scopes"))))) {
      errors.add(
          FieldError.invalid(
              "spec.scopes", Json.at(changed, "spec", "scopes"), "field is immutable"));
    }
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(text -> text.asString("")).distinct().toList();
  }

  private static void amounts(JsonNode amounts, String path, List<FieldError> errors) {
    for (Map.Entry<String, JsonNode> entry : amounts.properties()) {
      String at = path + "[" + entry.getKey() + "]";
      if (!Names.isQualified(entry.getKey())) {
        errors.add(FieldError.invalid(at, entry.getKey(), MetadataRules.KEY_RULE));
      }
      amount(amounts, entry.getKey())
          .filter(Quantity::isNegative)
          .ifPresent(q -> errors.add(FieldError.invalid(at, q.toString(), NOT_NEGATIVE)));
    }
  }

  private static Optional<Quantity> amount(JsonNode amounts, String name) {
    return Quantity.tryParse(amounts.path(name).asString(""));
  }

  // LimitRange.

  /// What a container gets that says nothing: the largest limit, and a request of that or of the
  /// least.
  static void limitDefaults(ObjectNode range) {
    for (ObjectNode item : PodDefaults.objects(Json.at(range, "spec", "limits"))) {
      if (Json.text(item, "type").equals("Container")) {
        fill(item, "max", "default");
        fill(item, "default", "defaultRequest");
        fill(item, "min", "defaultRequest");
      }
    }
  }

  private static void fill(ObjectNode item, String from, String to) {
    for (Map.Entry<String, JsonNode> entry : item.path(from).properties()) {
      ObjectNode target = Json.ensure(item, to);
      if (!target.has(entry.getKey())) {
        target.set(entry.getKey(), entry.getValue());
      }
    }
  }

  static void limits(JsonNode range, List<FieldError> errors) {
    JsonNode limits = Json.at(range, "spec", "limits");
    Set<String> types = new HashSet<>();
    for (int i = 0; i < limits.size(); i++) {
      String at = "spec.limits[" + i + "]";
      String type = Json.text(limits.path(i), "type");
      if (type.isEmpty()) {
        errors.add(FieldError.required(at + ".type", ""));
      } else if (!types.add(type)) {
        errors.add(FieldError.duplicate(at + ".type", type));
      }
      for (String field : AMOUNTS) {
        amounts(limits.path(i).path(field), at + "." + field, errors);
      }
      if (type.equals("Pod")) {
        forbidden(limits.path(i), at, errors);
      }
      for (String name : names(limits.path(i))) {
        order(limits.path(i), name, at, errors);
      }
    }
  }

  private static void forbidden(JsonNode item, String path, List<FieldError> errors) {
    for (String field : List.of("default", "defaultRequest")) {
      if (!item.path(field).isEmpty()) {
        errors.add(
            FieldError.forbidden(path + "." + field, "may not be specified when `type` is 'Pod'"));
      }
    }
  }

  private static Set<String> names(JsonNode item) {
    Set<String> names = new java.util.TreeSet<>();
    AMOUNTS.forEach(field -> names.addAll(item.path(field).propertyNames()));
    return names;
  }

  /// min <= defaultRequest <= default <= max.
  private static void order(JsonNode item, String name, String path, List<FieldError> errors) {
    for (String pair :
        List.of(
            "min max",
            "min defaultRequest",
            "min default",
            "defaultRequest default",
            "defaultRequest max",
            "default max")) {
      String[] fields = pair.split(" ", -1);
      Optional<Quantity> least = amount(item.path(fields[0]), name);
      Optional<Quantity> most = amount(item.path(fields[1]), name);
      if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
        errors.add(
            FieldError.invalid(
                path + "." + fields[0] + "[" + name + "]",
                least.get().toString(),
                "%s value %s is greater than %s value %s"
                    .formatted(word(fields[0]), least.get(), word(fields[1]), most.get())));
      }
    }
  }

  private static String word(String field) {
    return field.equals("defaultRequest") ? "default request" : field;
  }

  // PriorityClass.

  static void priorityDefaults(ObjectNode priority) {
    put(priority, "preemptionPolicy", "PreemptLowerPriority");
  }

  static void priority(JsonNode priority, List<FieldError> errors) {
    String name = Json.name(priority);
    boolean ours = name.equals("system-cluster-critical") || name.equals("system-node-critical");
    if (name.startsWith("system-") && !ours) {
      errors.add(
          FieldError.forbidden(
              "metadata.name",
              "priority class names with 'system-' prefix are reserved for system use only. error: %s is not a known system priority class"
                  .formatted(name)));
    } else if (!ours && priority.path("value").asLong(0) > HIGHEST_PRIORITY) {
      errors.add(
          FieldError.forbidden(
              "value", "maximum allowed value of a user defined priority is " + HIGHEST_PRIORITY));
    }
    ContainerRules.supported(
        priority, "preemptionPolicy", Set.of("PreemptLowerPriority", "Never"), "", errors);
  }

  static void priorityUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (old.path("value").asLong(0) != changed.path("value").asLong(0)) {
      errors.add(FieldError.forbidden("value", "may not be changed in an update."));
    }
    WorkloadRules.unchanged(old, changed, "preemptionPolicy", errors);
  }

  // RuntimeClass.

  static void runtime(JsonNode runtime, List<FieldError> errors) {
    String handler = Json.text(runtime, "handler");
    if (!Names.isDnsLabel(handler)) {
      errors.add(FieldError.invalid("handler", handler, MetadataRules.LABEL_RULE));
    }
    amounts(Json.at(runtime, "overhead", "podFixed"), "overhead.podFixed", errors);
    MetadataRules.labels(
        Json.at(runtime, "scheduling", "nodeSelector"), "scheduling.nodeSelector", errors);
    PodRules.tolerations(
        Json.at(runtime, "scheduling", "tolerations"), "scheduling.tolerations", errors);
  }

  static void runtimeUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    WorkloadRules.unchanged(old, changed, "handler", errors);
  }
}
