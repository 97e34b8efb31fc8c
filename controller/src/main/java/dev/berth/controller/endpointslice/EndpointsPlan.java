package dev.berth.controller.endpointslice;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.controller.reconcile.Action;
import dev.berth.controller.reconcile.Owners;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what the Endpoints of a Service should say: the same as its slices, for clients that
/// know nothing newer (`kubectl describe service` before 1.31). Pure. Kubernetes, "Service",
/// Endpoints: at most 1,000 addresses are told; those of pods that are ending are not.
final class EndpointsPlan {
  private static final int MOST_ADDRESSES = 1_000;
  private static final String MANAGER_LABEL = "endpoints.kubernetes.io/managed-by";
  private static final String MANAGER = "endpoint-controller";

  private EndpointsPlan() {}

  static boolean isOurs(JsonNode endpoints) {
    return Json.labels(endpoints).getOrDefault(MANAGER_LABEL, "").equals(MANAGER);
  }

  /// @param slices what the slices of the Service should be; none where it selects nothing
  /// @param present the Endpoints of its name; what a user wrote is left alone
  static List<Action> plan(
      ObjectNode service, Collection<ObjectNode> slices, Optional<ObjectNode> present) {
    if (present.isPresent() && !isOurs(present.get())) {
      return List.of();
    }
    if (slices.isEmpty()) {
      return present.<Action>map(p -> Action.Delete.of(Kinds.ENDPOINTS, p)).stream().toList();
    }
    ArrayNode subsets = subsets(slices);
    if (present.isEmpty()) {
      return List.of(new Action.Create(Kinds.ENDPOINTS, endpoints(service, subsets)));
    }
    if (present.get().path("subsets").equals(subsets)
        || (subsets.isEmpty() && present.get().path("subsets").isEmpty())) {
      return List.of();
    }
    ObjectNode next = Json.deepCopy(present.get());
    next.set("subsets", subsets);
    return List.of(new Action.Update(Kinds.ENDPOINTS, next));
  }

  private static ObjectNode endpoints(ObjectNode service, ArrayNode subsets) {
    ObjectNode endpoints = Json.object().put("apiVersion", "v1").put("kind", "Endpoints");
    ObjectNode meta = Json.meta(endpoints);
    meta.put("name", Json.name(service)).put("namespace", Json.namespace(service));
    ObjectNode labels = meta.putObject("labels");
    Json.labels(service).forEach(labels::put);
    labels.put(MANAGER_LABEL, MANAGER);
    Owners.setController(endpoints, Kinds.SERVICE, service);
    if (!subsets.isEmpty()) {
      endpoints.set("subsets", subsets);
    }
    return endpoints;
  }

  private static ArrayNode subsets(Collection<ObjectNode> slices) {
    ArrayNode subsets = Json.array();
    int left = MOST_ADDRESSES;
    for (ObjectNode slice : slices) {
      ArrayNode ready = Json.array();
      ArrayNode waiting = Json.array();
      for (JsonNode endpoint : slice.path("endpoints")) {
        JsonNode conditions = endpoint.path("conditions");
        if (left > 0 && !conditions.path("terminating").asBoolean(false)) {
          (conditions.path("ready").asBoolean(false) ? ready : waiting).add(address(endpoint));
          left--;
        }
      }
      if (!ready.isEmpty() || !waiting.isEmpty()) {
        subset(subsets.addObject(), ready, waiting, slice.path("ports"));
      }
    }
    return subsets;
  }

  private static void subset(
      ObjectNode subset, ArrayNode ready, ArrayNode waiting, JsonNode ports) {
    if (!ready.isEmpty()) {
      subset.set("addresses", ready);
    }
    if (!waiting.isEmpty()) {
      subset.set("notReadyAddresses", waiting);
    }
    ArrayNode list = subset.putArray("ports");
    for (JsonNode port : ports) {
      ObjectNode copy = list.addObject();
      if (!Json.text(port, "name").isEmpty()) {
        copy.put("name", Json.text(port, "name"));
      }
      copy.set("port", port.path("port"));
      copy.set("protocol", port.path("protocol"));
    }
  }

  private static ObjectNode address(JsonNode endpoint) {
    ObjectNode address = Json.object().put("ip", endpoint.path("addresses").path(0).asString(""));
    address.put("nodeName", Json.text(endpoint, "nodeName"));
    address.set("targetRef", endpoint.path("targetRef"));
    return address;
  }
}
