package dev.berth.controller.endpointslice;

import dev.berth.api.Conditions;
import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Owners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides which slices a Service needs. Pure.
final class SlicePlan {
  static final String SERVICE_LABEL = "kubernetes.io/service-name";
  private static final String MANAGER_LABEL = "endpointslice.kubernetes.io/managed-by";
  private static final String MANAGER = "endpointslice-controller.berth.dev";

  private SlicePlan() {}

  static boolean isOurs(JsonNode slice) {
    return Json.labels(slice).getOrDefault(MANAGER_LABEL, "").equals(MANAGER);
  }

  /// @param slices the slices of this Service that we made
  static List<Action> plan(ObjectNode service, List<ObjectNode> pods, List<ObjectNode> slices) {
    Map<ObjectKey, ObjectNode> wanted = wanted(service, pods);
    List<Action> actions = new ArrayList<>();
    for (ObjectNode slice : slices) {
      ObjectNode next = wanted.remove(ObjectKey.of(slice));
      if (next == null) {
        actions.add(Action.Delete.of(Kinds.ENDPOINT_SLICE, slice));
      } else if (differs(slice, next)) {
        actions.add(new Action.Update(Kinds.ENDPOINT_SLICE, replaced(slice, next)));
      }
    }
    wanted.values().forEach(slice -> actions.add(new Action.Create(Kinds.ENDPOINT_SLICE, slice)));
    return actions;
  }

  private static boolean differs(ObjectNode slice, ObjectNode next) {
    return !slice.path("endpoints").equals(next.path("endpoints"))
        || !slice.path("ports").equals(next.path("ports"))
        || !Json.labels(slice).equals(Json.labels(next));
  }

  private static ObjectNode replaced(ObjectNode slice, ObjectNode next) {
    ObjectNode result = Json.deepCopy(slice);
    result.set("endpoints", next.path("endpoints"));
    result.set("ports", next.path("ports"));
    Json.meta(result).set("labels", Json.at(next, "metadata", "labels"));
    return result;
  }

  /// What the slices should be, by their keys; none where the Service selects nothing.
  static Map<ObjectKey, ObjectNode> wanted(ObjectNode service, List<ObjectNode> pods) {
    Map<String, String> selector = Json.strings(Json.at(service, "spec", "selector"));
    boolean none =
        selector.isEmpty()
            || Json.isDeleting(service)
            || Json.text(service, "spec", "type").equals("ExternalName");
    if (none) {
      return new LinkedHashMap<>();
    }
    LabelSelector labels = LabelSelector.of(selector);
    Map<ArrayNode, List<ObjectNode>> byPorts = new LinkedHashMap<>();
    for (ObjectNode pod : pods) {
      if (labels.matches(Json.labels(pod)) && hasAddress(pod)) {
        byPorts.computeIfAbsent(ports(service, pod), _ -> new ArrayList<>()).add(pod);
      }
    }
    if (byPorts.isEmpty()) {
      byPorts.put(ports(service, Json.object()), List.of());
    }
    Map<ObjectKey, ObjectNode> slices = new TreeMap<>();
    byPorts.forEach(
        (ports, members) -> {
          ObjectNode slice = slice(service, ports, members);
          slices.put(ObjectKey.of(slice), slice);
        });
    return slices;
  }

  private static boolean hasAddress(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return !Json.text(pod, "status", "podIP").isEmpty()
        && !phase.equals("Succeeded")
        && !phase.equals("Failed");
  }

  private static ArrayNode ports(JsonNode service, JsonNode pod) {
    ArrayNode ports = Json.array();
    for (JsonNode port : Json.at(service, "spec", "ports")) {
      int target = target(port, pod);
      if (target > 0) {
        String protocol = Json.text(port, "protocol");
        ports
            .addObject()
            .put("name", Json.text(port, "name"))
            .put("port", target)
            .put("protocol", protocol.isEmpty() ? "TCP" : protocol);
      }
    }
    return ports;
  }

  /// A number, the number of a container's named port, or the Service's own port.
  private static int target(JsonNode port, JsonNode pod) {
    JsonNode target = port.path("targetPort");
    if (target.isString()) {
      return named(target.asString(), pod);
    }
    int number = target.asInt(0);
    return number > 0 ? number : port.path("port").asInt(0);
  }

  private static int named(String name, JsonNode pod) {
    for (JsonNode container : Json.at(pod, "spec", "containers")) {
      for (JsonNode port : container.path("ports")) {
        if (Json.text(port, "name").equals(name)) {
          return port.path("containerPort").asInt(0);
        }
      }
    }
    return 0;
  }

  private static ObjectNode slice(ObjectNode service, ArrayNode ports, List<ObjectNode> pods) {
    ObjectNode slice =
        Json.object().put("apiVersion", "discovery.k8s.io/v1").put("kind", "EndpointSlice");
    ObjectNode meta = Json.meta(slice);
    String hash = Digest.sha256(Json.canonical(ports)).hex().substring(0, 5);
    meta.put("name", Json.name(service) + "-" + hash).put("namespace", Json.namespace(service));
    ObjectNode labels = meta.putObject("labels");
    Json.labels(service).forEach(labels::put);
    labels.put(SERVICE_LABEL, Json.name(service)).put(MANAGER_LABEL, MANAGER);
    Owners.setController(slice, Kinds.SERVICE, service);
    slice.put("addressType", "IPv4");
    boolean unready = Json.at(service, "spec", "publishNotReadyAddresses").asBoolean(false);
    ArrayNode endpoints = slice.putArray("endpoints");
    pods.forEach(pod -> endpoint(endpoints.addObject(), pod, unready));
    slice.set("ports", ports);
    return slice;
  }

  private static void endpoint(ObjectNode endpoint, ObjectNode pod, boolean unready) {
    boolean serving = Conditions.isTrue(pod, "Ready");
    boolean terminating = Json.isDeleting(pod);
    endpoint.putArray("addresses").add(Json.text(pod, "status", "podIP"));
    endpoint
        .putObject("conditions")
        .put("ready", unready || (serving && !terminating))
        .put("serving", serving)
        .put("terminating", terminating);
    endpoint.put("nodeName", Json.text(pod, "spec", "nodeName"));
    endpoint
        .putObject("targetRef")
        .put("kind", "Pod")
        .put("name", Json.name(pod))
        .put("namespace", Json.namespace(pod))
        .put("uid", Json.uid(pod));
  }
}
