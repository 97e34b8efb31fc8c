package dev.berth.controller.resource;

import dev.berth.api.ApiError;
import dev.berth.api.ApiException;
import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ResourceType;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Which fields of a kind a field selector may name.
final class Fields {
  private static final Set<String> EVERY_KIND = Set.of("metadata.name", "metadata.namespace");
  private static final Map<ResourceType, Set<String>> MORE =
      Map.of(
          Kinds.POD,
              Set.of(
                  "spec.nodeName",
                  "spec.restartPolicy",
                  "spec.schedulerName",
                  "spec.serviceAccountName",
                  "spec.hostNetwork",
                  "status.phase",
                  "status.podIP",
                  "status.podIPs",
                  "status.nominatedNodeName"),
          Kinds.EVENT,
              Set.of(
                  "involvedObject.kind",
                  "involvedObject.namespace",
                  "involvedObject.name",
                  "involvedObject.uid",
                  "involvedObject.apiVersion",
                  "involvedObject.resourceVersion",
                  "involvedObject.fieldPath",
                  "reason",
                  "reportingComponent",
                  "source",
                  "type"),
          Kinds.SECRET, Set.of("type"),
          Kinds.NODE, Set.of("spec.unschedulable"),
          Kinds.NAMESPACE, Set.of("status.phase"),
          Kinds.REPLICA_SET, Set.of("status.replicas"),
          Kinds.SERVICE, Set.of("spec.clusterIP", "spec.type"),
          Kinds.IMAGE_BUILD, Set.of("spec.nodeName", "status.phase"));

  private Fields() {}

  static void requireSupported(ResourceType type, FieldSelector selector) {
    for (FieldSelector.Term term : selector.terms()) {
      if (!EVERY_KIND.contains(term.path())
          && !MORE.getOrDefault(type, Set.of()).contains(term.path())) {
        throw new ApiException(
            new ApiError.BadRequest(
                "field label not supported for " + type.qualifiedName() + ": " + term.path()));
      }
    }
  }

  static boolean matches(ResourceType type, FieldSelector selector, JsonNode object) {
    return selector.isEverything() || selector.matches(path -> value(type, object, path));
  }

  private static String value(ResourceType type, JsonNode object, String path) {
    if (type.equals(Kinds.EVENT) && path.equals("source")) {
      return Json.text(object, "source", "component");
    }
    if (path.equals("status.podIPs")) {
      return Json.text(object.path("status").path("podIPs").path(0), "ip");
    }
    String found = Json.text(object, path.split("\\.", -1));
    boolean absentBoolean = path.equals("spec.unschedulable") || path.equals("spec.hostNetwork");
    return found.isEmpty() && absentBoolean ? "false" : found;
  }
}
