package dev.berth.api;

import tools.jackson.databind.JsonNode;

/// What a pod asks for, or what a node has: CPU in thousandths, memory in bytes, pods. The
/// scheduler places by it, and who shows how full a node is counts the same.
public record Requests(long cpuMilli, long memoryBytes, long pods) {
  public static final Requests NONE = new Requests(0, 0, 0);
  private static final long DEFAULT_CPU_MILLI = 100;
  private static final long DEFAULT_MEMORY = 128L << 20;
  private static final long DEFAULT_PODS = 110;

  /// A container that asks for nothing counts as a small one; one that only has a limit asks for
  /// that. Init containers run one after the other, before the others, beside the sidecars that
  /// were started before them: the largest moment counts (Kubernetes, "Init Containers", "Resource
  /// sharing within containers"). One that asks for nothing lasts too short a time to count.
  public static Requests of(JsonNode pod) {
    return new Requests(
        most(pod, "cpu", 1000, DEFAULT_CPU_MILLI), most(pod, "memory", 1, DEFAULT_MEMORY), 1);
  }

  private static long most(JsonNode pod, String resource, int unit, long otherwise) {
    long sidecars = 0;
    long largest = 0;
    for (JsonNode init : Json.at(pod, "spec", "initContainers")) {
      if (Json.text(init, "restartPolicy").equals("Always")) {
        sidecars += asked(init, resource, unit, otherwise);
        largest = Math.max(largest, sidecars);
      } else {
        largest = Math.max(largest, sidecars + asked(init, resource, unit, 0));
      }
    }
    long together = sidecars;
    for (JsonNode container : Json.at(pod, "spec", "containers")) {
      together += asked(container, resource, unit, otherwise);
    }
    return Math.max(largest, together);
  }

  private static long asked(JsonNode container, String resource, int unit, long otherwise) {
    String request = Json.text(container, "resources", "requests", resource);
    String asked =
        request.isEmpty() ? Json.text(container, "resources", "limits", resource) : request;
    return asked.isEmpty() ? otherwise : amount(asked, unit, otherwise);
  }

  private static long amount(String text, int unit, long otherwise) {
    return Quantity.tryParse(text).map(q -> unit == 1000 ? q.milli() : q.value()).orElse(otherwise);
  }

  public static Requests allocatable(JsonNode node) {
    JsonNode has = Json.at(node, "status", "allocatable");
    return new Requests(
        amount(Json.text(has, "cpu"), 1000, 0),
        amount(Json.text(has, "memory"), 1, 0),
        amount(Json.text(has, "pods"), 1, DEFAULT_PODS));
  }

  public boolean fitsIn(Requests has) {
    return cpuMilli <= has.cpuMilli && memoryBytes <= has.memoryBytes;
  }

  public Requests plus(Requests other) {
    return new Requests(
        cpuMilli + other.cpuMilli, memoryBytes + other.memoryBytes, pods + other.pods);
  }

  public Requests minus(Requests other) {
    return new Requests(
        cpuMilli - other.cpuMilli, memoryBytes - other.memoryBytes, pods - other.pods);
  }
}
