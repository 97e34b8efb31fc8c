package dev.berth.controller.kubernetesservice;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.reconcile.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Decides what the Service, its slice and its Endpoints should say. Pure. Kubernetes: "Accessing
/// the Kubernetes API from a Pod"; the API server keeps the same three objects there.
final class ServicePlan {
  static final ObjectKey KEY = new ObjectKey("default", "kubernetes");
  static final Set<ResourceType> KINDS =
      Set.of(Kinds.SERVICE, Kinds.ENDPOINT_SLICE, Kinds.ENDPOINTS);
  private static final int PORT = 443;
  private static final String PORT_NAME = "https";

  private ServicePlan() {}

  /// @param present the object of a kind under [#KEY]
  static List<Action> plan(
      ApiAddresses api, BiFunction<ResourceType, ObjectKey, Optional<ObjectNode>> present) {
    List<Action> actions = new ArrayList<>();
    keep(Kinds.SERVICE, service(api), present, actions);
    keep(Kinds.ENDPOINT_SLICE, slice(api), present, actions);
    keep(Kinds.ENDPOINTS, endpoints(api), present, actions);
    return actions;
  }

  private static void keep(
      ResourceType type,
      ObjectNode wanted,
      BiFunction<ResourceType, ObjectKey, Optional<ObjectNode>> find,
      List<Action> actions) {
    Optional<ObjectNode> present = find.apply(type, KEY);
    if (present.isEmpty()) {
      actions.add(new Action.Create(type, wanted));
    } else if (isElsewhere(present.get(), wanted)) {
      // An address never changes; what has the name but another one makes room.
      actions.add(Action.Delete.of(type, present.get()));
      actions.add(new Action.Create(type, wanted));
    } else {
      ObjectNode healed = healed(present.get(), wanted);
      if (!healed.equals(present.get())) {
        actions.add(new Action.Update(type, healed));
      }
    }
  }

  private static boolean isElsewhere(JsonNode present, JsonNode wanted) {
    return !Json.text(present, "spec", "clusterIP").equals(Json.text(wanted, "spec", "clusterIP"));
  }

  /// Labels, and fields of the spec, that others have added stay.
  private static ObjectNode healed(ObjectNode present, ObjectNode wanted) {
    ObjectNode next = Json.deepCopy(present);
    Json.labels(wanted).forEach(Json.ensure(next, "metadata", "labels")::put);
    for (var field : wanted.properties()) {
      switch (field.getKey()) {
        case "metadata" -> {}
        case "spec" ->
            field.getValue().properties().forEach(f -> spec(next, f.getKey(), f.getValue()));
        default -> next.set(field.getKey(), field.getValue());
      }
    }
    return next;
  }

  private static void spec(ObjectNode object, String field, JsonNode value) {
    Json.ensure(object, "spec").set(field, value);
  }

  private static ObjectNode service(ApiAddresses api) {
    ObjectNode service = object(Kinds.SERVICE);
    Json.ensure(service, "metadata", "labels")
        .put("component", "apiserver")
        .put("provider", "kubernetes");
    ObjectNode spec = service.putObject("spec").put("type", "ClusterIP");
    spec.put("clusterIP", api.clusterAddress());
    spec.putArray("ports")
        .addObject()
        .put("name", PORT_NAME)
        .put("port", PORT)
        .put("protocol", "TCP")
        .put("targetPort", api.port());
    return service;
  }

  private static ObjectNode slice(ApiAddresses api) {
    ObjectNode slice = object(Kinds.ENDPOINT_SLICE);
    Json.ensure(slice, "metadata", "labels").put("kubernetes.io/service-name", KEY.name());
    slice.put("addressType", "IPv4");
    ArrayNode endpoints = slice.putArray("endpoints");
    api.advertised()
        .ifPresent(
            address -> {
              ObjectNode endpoint = endpoints.addObject();
              endpoint.putArray("addresses").add(address);
              endpoint.putObject("conditions").put("ready", true);
            });
    port(slice.putArray("ports"), api);
    return slice;
  }

  private static ObjectNode endpoints(ApiAddresses api) {
    ObjectNode endpoints = object(Kinds.ENDPOINTS);
    Json.ensure(endpoints, "metadata", "labels")
        .put("endpointslice.kubernetes.io/skip-mirror", "true");
    ArrayNode subsets = endpoints.putArray("subsets");
    api.advertised()
        .ifPresent(
            address -> {
              ObjectNode subset = subsets.addObject();
              subset.putArray("addresses").addObject().put("ip", address);
              port(subset.putArray("ports"), api);
            });
    return endpoints;
  }

  private static void port(ArrayNode ports, ApiAddresses api) {
    ports.addObject().put("name", PORT_NAME).put("port", api.port()).put("protocol", "TCP");
  }

  private static ObjectNode object(ResourceType type) {
    ObjectNode object =
        Json.object().put("apiVersion", type.gvk().apiVersion()).put("kind", type.kind());
    Json.meta(object).put("name", KEY.name()).put("namespace", KEY.namespace());
    return object;
  }
}
