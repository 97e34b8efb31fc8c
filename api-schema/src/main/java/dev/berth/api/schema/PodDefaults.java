package dev.berth.api.schema;

import dev.berth.api.ImageRef;
import dev.berth.api.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What Kubernetes fills into pods and pod templates. Clients rely on it: some of them crash on a
/// pod without it.
final class PodDefaults {
  private PodDefaults() {}

  /// A pod also requests what it limits; a template leaves that to the pods made of it.
  static void pod(ObjectNode pod) {
    if (pod.get("spec") instanceof ObjectNode spec) {
      spec(spec);
      containers(spec, PodDefaults::requestsFromLimits);
    }
  }

  static void template(JsonNode template) {
    if (template instanceof ObjectNode object) {
      spec(Json.ensure(object, "spec"));
    }
  }

  private static void spec(ObjectNode spec) {
    put(spec, "restartPolicy", "Always");
    put(spec, "dnsPolicy", "ClusterFirst");
    put(spec, "schedulerName", "default-scheduler");
    put(spec, "terminationGracePeriodSeconds", 30);
    if (isAbsent(spec, "securityContext")) {
      spec.putObject("securityContext");
    }
    containers(spec, PodDefaults::container);
    objects(spec.path("volumes")).forEach(VolumeDefaults::volume);
  }

  private static void containers(ObjectNode spec, Consumer<ObjectNode> each) {
    objects(spec.path("initContainers")).forEach(each);
    objects(spec.path("containers")).forEach(each);
  }

  private static void container(ObjectNode container) {
    put(container, "terminationMessagePath", "/dev/termination-log");
    put(container, "terminationMessagePolicy", "File");
    put(container, "imagePullPolicy", pullPolicy(Json.text(container, "image")));
    if (isAbsent(container, "resources")) {
      container.putObject("resources");
    }
    objects(container.path("ports")).forEach(port -> put(port, "protocol", "TCP"));
    for (ObjectNode variable : objects(container.path("env"))) {
      VolumeDefaults.references(variable.path("valueFrom"));
    }
    for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
      if (container.get(probe) instanceof ObjectNode object) {
        probe(object);
      }
    }
  }

  private static void probe(ObjectNode probe) {
    put(probe, "timeoutSeconds", 1);
    put(probe, "periodSeconds", 10);
    put(probe, "successThreshold", 1);
    put(probe, "failureThreshold", 3);
    if (probe.get("httpGet") instanceof ObjectNode http) {
      put(http, "path", "/");
      put(http, "scheme", "HTTP");
    }
  }

  private static String pullPolicy(String image) {
    Optional<ImageRef> ref = ImageRef.tryParse(image);
    boolean floating =
        ref.isPresent()
            && ref.get().digest().isEmpty()
            && ref.get().tag().orElse("latest").equals("latest");
    return floating ? "Always" : "IfNotPresent";
  }

  private static void requestsFromLimits(ObjectNode container) {
    JsonNode limits = Json.at(container, "resources", "limits");
    if (limits.isEmpty()) {
      return;
    }
    ObjectNode requests = Json.ensure(container, "resources", "requests");
    for (Map.Entry<String, JsonNode> limit : limits.properties()) {
      if (!requests.has(limit.getKey())) {
        requests.set(limit.getKey(), limit.getValue());
      }
    }
  }

  static List<ObjectNode> objects(JsonNode list) {
    return list.valueStream()
        .filter(ObjectNode.class::isInstance)
        .map(ObjectNode.class::cast)
        .toList();
  }

  static boolean isAbsent(ObjectNode object, String field) {
    JsonNode present = object.get(field);
    return present == null || present.isNull();
  }

  /// Texts that are there but empty count as absent, as in Kubernetes.
  static void put(ObjectNode object, String field, String value) {
    JsonNode present = object.get(field);
    if (present == null
        || present.isNull()
        || (present.isString() && present.stringValue().isEmpty())) {
      object.put(field, value);
    }
  }

  static void put(ObjectNode object, String field, int value) {
    if (isAbsent(object, field)) {
      object.put(field, value);
    }
  }
}
