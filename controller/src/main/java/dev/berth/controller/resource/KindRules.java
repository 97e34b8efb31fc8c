package dev.berth.controller.resource;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Quantity;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What differs between kinds, as pure functions over trees.
public final class KindRules {
  private static final Set<ResourceType> WITH_GENERATION =
      Set.of(
          Kinds.POD,
          Kinds.DEPLOYMENT,
          Kinds.REPLICA_SET,
          Kinds.STATEFUL_SET,
          Kinds.DAEMON_SET,
          Kinds.REPLICATION_CONTROLLER,
          Kinds.JOB,
          Kinds.CRON_JOB,
          Kinds.INGRESS,
          Kinds.NETWORK_POLICY,
          Kinds.POD_DISRUPTION_BUDGET,
          Kinds.ENDPOINT_SLICE,
          Kinds.CUSTOM_RESOURCE_DEFINITION,
          Kinds.MODEL_APP,
          Kinds.IMAGE_BUILD);

  /// Holds a definition that is being deleted until its objects are gone.
  public static final String OBJECTS_FIRST = "customresourcecleanup.apiextensions.k8s.io";

  private KindRules() {}

  static boolean hasGeneration(ResourceType type) {
    return WITH_GENERATION.contains(Versions.storage(type)) || !ServedKinds.isBuiltIn(type);
  }

  static boolean hasStatus(ResourceType type) {
    return type.subresources().contains("status");
  }

  /// A new object starts with the status that the system gives it, whatever its author wrote there.
  /// Nodes register themselves together with their status.
  static void prepareForCreate(ResourceType type, ObjectNode object) {
    if (hasStatus(type) && !type.equals(Kinds.NODE)) {
      object.remove("status");
    }
    if (type.equals(Kinds.POD)) {
      object.putObject("status").put("phase", "Pending").put("qosClass", qosClass(object));
    } else if (type.equals(Kinds.NAMESPACE)) {
      Json.ensure(object, "spec").putArray("finalizers").add("kubernetes");
      object.putObject("status").put("phase", "Active");
      Json.ensure(Json.meta(object), "labels")
          .put("kubernetes.io/metadata.name", Json.name(object));
    } else if (type.equals(Kinds.JOB)) {
      object.putObject("status");
      selectOwnPods(object);
    } else if (type.equals(Kinds.SERVICE)) {
      object.putObject("status").putObject("loadBalancer");
    } else if (hasStatus(type) && !object.has("status") && ServedKinds.isBuiltIn(type)) {
      object.putObject("status");
    }
    if (hasGeneration(type)) {
      Json.meta(object).put("generation", 1);
    }
  }

  /// A Job's pods carry its uid, so that no two Jobs ever share one, unless the author answers for
  /// the selector.
  private static void selectOwnPods(ObjectNode job) {
    if (Json.at(job, "spec", "manualSelector").asBoolean(false)) {
      return;
    }
    String uid = Json.uid(job);
    ObjectNode labels = Json.ensure(job, "spec", "template", "metadata", "labels");
    labels.put("batch.kubernetes.io/controller-uid", uid).put("controller-uid", uid);
    labels.put("batch.kubernetes.io/job-name", Json.name(job)).put("job-name", Json.name(job));
    Json.ensure(job, "spec", "selector", "matchLabels")
        .put("batch.kubernetes.io/controller-uid", uid);
  }

  /// Whether anything that a user wants changed: everything but metadata and status.
  static boolean wishChanged(ObjectNode old, ObjectNode changed) {
    return !wish(old).equals(wish(changed));
  }

  private static ObjectNode wish(ObjectNode object) {
    ObjectNode wish = Json.object();
    for (var field : object.properties()) {
      if (!field.getKey().equals("metadata") && !field.getKey().equals("status")) {
        wish.set(field.getKey(), field.getValue());
      }
    }
    return wish;
  }

  static String qosClass(JsonNode pod) {
    List<JsonNode> containers = new ArrayList<>();
    pod.path("spec").path("containers").forEach(containers::add);
    boolean none =
        containers.stream()
            .allMatch(
                c ->
                    Json.isEmpty(Json.at(c, "resources", "requests"))
                        && Json.isEmpty(Json.at(c, "resources", "limits")));
    if (none) {
      return "BestEffort";
    }
    return containers.stream().allMatch(KindRules::isGuaranteed) ? "Guaranteed" : "Burstable";
  }

  private static boolean isGuaranteed(JsonNode container) {
    return isPinned(container, "cpu") && isPinned(container, "memory");
  }

  private static boolean isPinned(JsonNode container, String resource) {
    String limit = Json.text(container, "resources", "limits", resource);
    String request = Json.text(container, "resources", "requests", resource);
    return !limit.isEmpty() && (request.isEmpty() || same(limit, request));
  }

  private static boolean same(String a, String b) {
    return Quantity.tryParse(a).equals(Quantity.tryParse(b))
        || Quantity.tryParse(a)
            .flatMap(x -> Quantity.tryParse(b).map(y -> x.compareTo(y) == 0))
            .orElse(false);
  }

  /// An object that is going waits for these.
  static boolean isHeld(ResourceType type, ObjectNode object) {
    boolean finalizers = !Json.isEmpty(Json.at(object, "metadata", "finalizers"));
    boolean namespaceFinalizers =
        type.equals(Kinds.NAMESPACE) && !Json.isEmpty(Json.at(object, "spec", "finalizers"));
    boolean grace =
        type.equals(Kinds.POD)
            && Json.at(object, "metadata", "deletionGracePeriodSeconds").asLong(0) > 0;
    return finalizers || namespaceFinalizers || grace;
  }
}
