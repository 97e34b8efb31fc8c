package dev.berth.controller.policy;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Quantity;
import dev.berth.api.ResourceType;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// What one object uses, by the names that a quota has for it (Kubernetes, "Resource Quotas").
final class Counting {
  private static final String CLASS = ".storageclass.storage.k8s.io/";
  private static final Set<String> COMPUTE = Set.of("cpu", "memory", "ephemeral-storage");
  private static final Set<String> PLAIN =
      Set.of("configmaps", "secrets", "replicationcontrollers", "resourcequotas");

  private Counting() {}

  /// The kind, as `plural.group`, whose objects use what a quota calls so.
  static String kindOf(String name) {
    if (name.startsWith("count/")) {
      return name.substring("count/".length());
    }
    if (name.equals("services") || name.startsWith("services.")) {
      return Kinds.SERVICE.qualifiedName();
    }
    boolean claims = name.equals("persistentvolumeclaims") || name.equals("requests.storage");
    if (claims || name.contains(CLASS)) {
      return Kinds.PERSISTENT_VOLUME_CLAIM.qualifiedName();
    }
    return PLAIN.contains(name) ? name : Kinds.POD.qualifiedName();
  }

  static Amounts used(ResourceType type, JsonNode object) {
    SortedMap<String, Quantity> used = new TreeMap<>();
    used.put("count/" + type.qualifiedName(), Quantity.of(1));
    if (type.equals(Kinds.POD)) {
      pod(object, used);
    } else if (type.equals(Kinds.SERVICE)) {
      service(object, used);
    } else if (type.equals(Kinds.PERSISTENT_VOLUME_CLAIM)) {
      claim(object, used);
    } else if (PLAIN.contains(type.qualifiedName())) {
      used.put(type.qualifiedName(), Quantity.of(1));
    }
    return new Amounts(used);
  }

  /// A pod that has ended uses nothing but its place in the store.
  private static void pod(JsonNode pod, SortedMap<String, Quantity> used) {
    String phase = Json.text(pod, "status", "phase");
    if (phase.equals("Succeeded") || phase.equals("Failed")) {
      return;
    }
    used.put("pods", Quantity.of(1));
    PodAmounts.requests(pod)
        .of()
        .forEach(
            (name, amount) -> {
              used.put("requests." + name, amount);
              if (COMPUTE.contains(name) || name.startsWith("hugepages-")) {
                used.put(name, amount);
              }
            });
    PodAmounts.limits(pod).of().forEach((name, amount) -> used.put("limits." + name, amount));
  }

  private static void service(JsonNode service, SortedMap<String, Quantity> used) {
    used.put("services", Quantity.of(1));
    JsonNode spec = service.path("spec");
    String type = Json.text(spec, "type");
    if (type.equals("LoadBalancer")) {
      used.put("services.loadbalancers", Quantity.of(1));
    }
    boolean balanced =
        type.equals("LoadBalancer") && spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
    if (type.equals("NodePort") || balanced) {
      used.put("services.nodeports", Quantity.of(spec.path("ports").size()));
    }
  }

  private static void claim(JsonNode claim, SortedMap<String, Quantity> used) {
    Quantity storage = Amounts.read(Json.at(claim, "spec", "resources", "requests")).get("storage");
    used.put("persistentvolumeclaims", Quantity.of(1));
    used.put("requests.storage", storage);
    String of = Json.text(claim, "spec", "storageClassName");
    if (!of.isEmpty()) {
      used.put(of + CLASS + "persistentvolumeclaims", Quantity.of(1));
      used.put(of + CLASS + "requests.storage", storage);
    }
  }
}
