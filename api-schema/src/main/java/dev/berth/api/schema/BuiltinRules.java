package dev.berth.api.schema;

import dev.berth.api.Cidr;
import dev.berth.api.Json;
import dev.berth.api.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Rules of services, config and the smaller kinds; the words are Kubernetes'.
final class BuiltinRules {
  private static final int MAX_DATA = 1 << 20;

  private BuiltinRules() {}

  static void service(JsonNode service, List<FieldError> errors) {
    JsonNode spec = service.path("spec");
    ContainerRules.supported(
        spec,
        "type",
        Set.of("ClusterIP", "NodePort", "LoadBalancer", "ExternalName"),
        "spec",
        errors);
    ContainerRules.supported(spec, "sessionAffinity", Set.of("None", "ClientIP"), "spec", errors);
    boolean external = Json.text(spec, "type").equals("ExternalName");
    boolean headless = Json.text(spec, "clusterIP").equals("None");
    JsonNode ports = spec.path("ports");
    if (ports.isEmpty() && !external && !headless) {
      errors.add(FieldError.required("spec.ports", ""));
    }
    if (external && Json.text(spec, "externalName").isEmpty()) {
      errors.add(FieldError.required("spec.externalName", ""));
    }
    String ip = Json.text(spec, "clusterIP");
    if (!ip.isEmpty() && !headless && Cidr.address(ip).isEmpty()) {
      errors.add(
          FieldError.invalid("spec.clusterIP", ip, "must be a valid IP address, (e.g. 10.9.8.7)"));
    }
    MetadataRules.labels(spec.path("selector"), "spec.selector", errors);
    servicePorts(ports, errors);
  }

  private static void servicePorts(JsonNode ports, List<FieldError> errors) {
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (int i = 0; i < ports.size(); i++) {
      JsonNode port = ports.path(i);
      String at = "spec.ports[" + i + "]";
      String name = Json.text(port, "name");
      if (name.isEmpty() && ports.size() > 1) {
        errors.add(FieldError.required(at + ".name", ""));
      } else if (!name.isEmpty() && !Names.isDnsLabel(name)) {
        errors.add(FieldError.invalid(at + ".name", name, MetadataRules.LABEL_RULE));
      } else if (!name.isEmpty() && !names.add(name)) {
        errors.add(FieldError.duplicate(at + ".name", name));
      }
      if (!port.has("port")) {
        errors.add(FieldError.required(at + ".port", ""));
      }
      ContainerRules.portNumber(port.path("port"), at + ".port", errors);
      ContainerRules.portNumber(port.path("targetPort"), at + ".targetPort", errors);
      ContainerRules.supported(port, "protocol", ContainerRules.PROTOCOLS, at, errors);
      String key = Json.text(port, "protocol") + ":" + Json.text(port, "port");
      if (!numbers.add(key)) {
        errors.add(FieldError.duplicate(at, key));
      }
    }
  }

  static void serviceUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    String before = Json.text(old, "spec", "clusterIP");
    String after = Json.text(changed, "spec", "clusterIP");
    boolean sameType = !Json.text(changed, "spec", "type").equals("ExternalName");
    if (sameType && !before.isEmpty() && !after.isEmpty() && !before.equals(after)) {
      errors.add(FieldError.invalid("spec.clusterIPs[0]", after, "may not change once set"));
    }
  }

  static void data(JsonNode object, List<FieldError> errors) {
    long size = 0;
    Set<String> keys = new HashSet<>();
    for (String field : List.of("data", "binaryData")) {
      for (Map.Entry<String, JsonNode> entry : object.path(field).properties()) {
        String at = field + "[" + entry.getKey() + "]";
        if (!Names.isConfigKey(entry.getKey())) {
          errors.add(
              FieldError.invalid(
                  at,
                  entry.getKey(),
                  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'"));
        }
        if (!keys.add(entry.getKey())) {
          errors.add(FieldError.invalid(at, entry.getKey(), "duplicate of key present in data"));
        }
        size += entry.getValue().asString("").length();
      }
    }
    if (size > MAX_DATA) {
      errors.add(
          new FieldError(
              "", FieldError.TOO_LONG, "Too long: may not be more than " + MAX_DATA + " bytes"));
    }
  }

  static void dataUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (!Json.at(old, "immutable").asBoolean(false)) {
      return;
    }
    for (String field : List.of("data", "binaryData", "immutable")) {
      if (!old.path(field).equals(changed.path(field))) {
        errors.add(FieldError.forbidden(field, "field is immutable when `immutable` is set"));
      }
    }
  }

  static void secretUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    String before = Json.text(old, "type");
    String after = Json.text(changed, "type");
    if (!before.isEmpty() && !before.equals(after)) {
      errors.add(FieldError.invalid("type", after, "field is immutable"));
    }
    dataUpdate(old, changed, errors);
  }

  static void endpointSlice(JsonNode slice, List<FieldError> errors) {
    String family = Json.text(slice, "addressType");
    if (family.isEmpty()) {
      errors.add(FieldError.required("addressType", ""));
    }
    ContainerRules.supported(slice, "addressType", Set.of("IPv4", "IPv6", "FQDN"), "", errors);
    JsonNode endpoints = slice.path("endpoints");
    for (int i = 0; i < endpoints.size(); i++) {
      JsonNode addresses = endpoints.path(i).path("addresses");
      if (addresses.isEmpty()) {
        errors.add(
            FieldError.required(
                "endpoints[" + i + "].addresses", "must contain at least 1 address"));
      }
      for (int j = 0; j < addresses.size(); j++) {
        String address = addresses.path(j).asString("");
        if (family.equals("IPv4") && Cidr.address(address).isEmpty()) {
          errors.add(
              FieldError.invalid(
                  "endpoints[" + i + "].addresses[" + j + "]",
                  address,
                  "must be a valid IPv4 address"));
        }
      }
    }
  }

  static void endpointSliceUpdate(JsonNode old, JsonNode changed, List<FieldError> errors) {
    if (!Json.text(old, "addressType").equals(Json.text(changed, "addressType"))) {
      errors.add(
          FieldError.invalid(
              "addressType", Json.text(changed, "addressType"), "field is immutable"));
    }
  }

  static void lease(JsonNode lease, List<FieldError> errors) {
    JsonNode seconds = Json.at(lease, "spec", "leaseDurationSeconds");
    if (seconds.isNumber() && seconds.asLong(1) <= 0) {
      errors.add(
          FieldError.invalid(
              "spec.leaseDurationSeconds", seconds.asLong(0), "must be greater than 0"));
    }
  }

  static void event(JsonNode event, List<FieldError> errors) {
    if (!event.path("involvedObject").isObject()) {
      errors.add(FieldError.required("involvedObject", ""));
    }
    String about = Json.text(event, "involvedObject", "namespace");
    if (!about.isEmpty() && !about.equals(Json.namespace(event))) {
      errors.add(
          FieldError.invalid("involvedObject.namespace", about, "does not match event.namespace"));
    }
  }

  static void node(JsonNode node, List<FieldError> errors) {
    JsonNode taints = Json.at(node, "spec", "taints");
    for (int i = 0; i < taints.size(); i++) {
      String at = "spec.taints[" + i + "]";
      if (Json.text(taints.path(i), "key").isEmpty()) {
        errors.add(FieldError.required(at + ".key", ""));
      }
      ContainerRules.supported(
          taints.path(i),
          "effect",
          Set.of("NoSchedule", "PreferNoSchedule", "NoExecute"),
          at,
          errors);
    }
  }
}
