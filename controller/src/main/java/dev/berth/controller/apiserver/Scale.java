package dev.berth.controller.apiserver;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ResourceType;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The view `autoscaling/v1 Scale` of a kind: an object's replicas and nothing else. Built-in kinds
/// have them where Deployments do; a definition says where its kind has them
/// (`subresources.scale`), as paths of names with dots before.
///
/// @param selector where the selector is; empty where the kind tells none
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Scale(ResourceType type, String[] replicas, String[] observed, String[] selector) {

  /// @param declared `subresources.scale` of a definition's version; missing for built-in kinds
  static Scale of(ResourceType type, JsonNode declared) {
    return new Scale(
        type,
        names(declared, "specReplicasPath", ".spec.replicas"),
        names(declared, "statusReplicasPath", ".status.replicas"),
        names(declared, "labelSelectorPath", declared.isMissingNode() ? ".spec.selector" : ""));
  }

  private static String[] names(JsonNode declared, String field, String usual) {
    String given = Json.text(declared, field);
    String path = given.isEmpty() ? usual : given;
    return path.isEmpty() ? new String[0] : path.substring(1).split("\\.", -1);
  }

  ObjectNode view(ObjectNode workload) {
    ObjectNode scale = Json.object().put("kind", "Scale").put("apiVersion", "autoscaling/v1");
    ObjectNode meta = scale.putObject("metadata");
    for (String field :
        List.of("name", "namespace", "uid", "resourceVersion", "creationTimestamp")) {
      JsonNode value = workload.path("metadata").path(field);
      if (!value.isMissingNode()) {
        meta.set(field, value);
      }
    }
    scale.putObject("spec").put("replicas", Json.at(workload, replicas).asInt(0));
    scale
        .putObject("status")
        .put("replicas", Json.at(workload, observed).asInt(0))
        .put("selector", selector.length == 0 ? "" : selector(Json.at(workload, selector)));
    return scale;
  }

  /// A custom kind keeps it as the text that clients select by.
  private String selector(JsonNode selector) {
    if (!selector.isObject()) {
      return selector.asString("");
    }
    boolean plain = type.equals(Kinds.REPLICATION_CONTROLLER);
    return (plain ? LabelSelector.of(Json.strings(selector)) : LabelSelector.of(selector))
        .toString();
  }

  /// The workload with the replicas that the scale asks for, and its revision where it names one.
  ObjectNode apply(ObjectNode scale, ObjectNode workload) {
    int wanted = Json.at(scale, "spec", "replicas").asInt(0);
    if (wanted < 0) {
      throw negative(Json.name(workload), wanted);
    }
    String[] holder = java.util.Arrays.copyOf(replicas, replicas.length - 1);
    Json.ensure(workload, holder).put(replicas[replicas.length - 1], wanted);
    String revision = Json.resourceVersion(scale);
    if (!revision.isEmpty()) {
      Json.meta(workload).put("resourceVersion", revision);
    }
    return workload;
  }

  private static ApiException negative(String name, int wanted) {
    return new ApiException(
        ApiError.Invalid.of(
            "Scale",
            name,
            List.of(
                new ApiError.Cause(
                    "spec.replicas",
                    "FieldValueInvalid",
                    "Invalid value: " + wanted + ": must be greater than or equal to 0"))));
  }
}
