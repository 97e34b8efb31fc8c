package dev.berth.api.schema;

import static dev.berth.api.schema.PodDefaults.isAbsent;
import static dev.berth.api.schema.PodDefaults.objects;
import static dev.berth.api.schema.PodDefaults.put;

import dev.berth.api.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Kubernetes fills into the built-in kinds other than pods.
final class Defaults {
  private static final int THREE_HOURS = 10_800;

  private Defaults() {}

  static void none(ObjectNode object) {}

  static void deployment(ObjectNode deployment) {
    ObjectNode spec = Json.ensure(deployment, "spec");
    put(spec, "replicas", 1);
    put(spec, "revisionHistoryLimit", 10);
    put(spec, "progressDeadlineSeconds", 600);
    ObjectNode strategy = Json.ensure(spec, "strategy");
    put(strategy, "type", "RollingUpdate");
    if (Json.text(strategy, "type").equals("RollingUpdate")) {
      ObjectNode rolling = Json.ensure(strategy, "rollingUpdate");
      put(rolling, "maxUnavailable", "25%");
      put(rolling, "maxSurge", "25%");
    }
    PodDefaults.template(spec.path("template"));
  }

  static void replicaSet(ObjectNode replicaSet) {
    ObjectNode spec = Json.ensure(replicaSet, "spec");
    put(spec, "replicas", 1);
    PodDefaults.template(spec.path("template"));
  }

  static void service(ObjectNode service) {
    ObjectNode spec = Json.ensure(service, "spec");
    put(spec, "type", "ClusterIP");
    put(spec, "sessionAffinity", "None");
    if (!Json.text(spec, "type").equals("ExternalName")) {
      put(spec, "internalTrafficPolicy", "Cluster");
      put(spec, "ipFamilyPolicy", "SingleStack");
      if (isAbsent(spec, "ipFamilies")) {
        spec.putArray("ipFamilies").add("IPv4");
      }
    }
    String type = Json.text(spec, "type");
    if (type.equals("NodePort") || type.equals("LoadBalancer")) {
      put(spec, "externalTrafficPolicy", "Cluster");
    }
    if (type.equals("LoadBalancer") && isAbsent(spec, "allocateLoadBalancerNodePorts")) {
      spec.put("allocateLoadBalancerNodePorts", true);
    }
    if (Json.text(spec, "sessionAffinity").equals("ClientIP")) {
      put(Json.ensure(spec, "sessionAffinityConfig", "clientIP"), "timeoutSeconds", THREE_HOURS);
    }
    objects(spec.path("ports")).forEach(Defaults::servicePort);
  }

  private static void servicePort(ObjectNode port) {
    put(port, "protocol", "TCP");
    JsonNode target = port.path("targetPort");
    boolean unset = Json.isEmpty(target) || (target.isNumber() && target.asInt(0) == 0);
    if (unset && port.path("port").isNumber()) {
      port.set("targetPort", port.path("port"));
    }
  }

  /// `stringData` is for writing only: it becomes `data` and is never stored.
  static void secret(ObjectNode secret) {
    put(secret, "type", "Opaque");
    if (secret.get("stringData") instanceof ObjectNode plain) {
      ObjectNode data = Json.ensure(secret, "data");
      for (Map.Entry<String, String> entry : Json.strings(plain).entrySet()) {
        byte[] bytes = entry.getValue().getBytes(StandardCharsets.UTF_8);
        data.put(entry.getKey(), Base64.getEncoder().encodeToString(bytes));
      }
      secret.remove("stringData");
    }
  }

  static void namespace(ObjectNode namespace) {
    Json.ensure(namespace, "metadata", "labels")
        .put("kubernetes.io/metadata.name", Json.name(namespace));
    put(Json.ensure(namespace, "status"), "phase", "Active");
  }

  static void endpointSlice(ObjectNode slice) {
    for (ObjectNode port : objects(slice.path("ports"))) {
      put(port, "protocol", "TCP");
      if (isAbsent(port, "name")) {
        port.put("name", "");
      }
    }
  }
}
