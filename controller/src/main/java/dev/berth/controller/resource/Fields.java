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
      Map.ofEntries(
          Map.entry(
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
                  "status.nominatedNodeName")),
          Map.entry(
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
                  "type")),
          Map.entry(
              Kinds.GROUPED_EVENT,
              Set.of(
                  "regarding.kind",
                  "regarding.namespace",
                  "regarding.name",
                  "regarding.uid",
                  "regarding.apiVersion",
                  "regarding.resourceVersion",
                  "regarding.fieldPath",
                  "reason",
                  "reportingController",
                  "type")),
          Map.entry(Kinds.CERTIFICATE_SIGNING_REQUEST, Set.of("spec.signerName")),
          Map.entry(Kinds.JOB, Set.of("status.successful")),
          Map.entry(Kinds.REPLICATION_CONTROLLER, Set.of("status.replicas")),
          Map.entry(Kinds.SECRET, Set.of("type")),
          Map.entry(Kinds.NODE, Set.of("spec.unschedulable")),
          Map.entry(Kinds.NAMESPACE, Set.of("status.phase")),
          Map.entry(Kinds.REPLICA_SET, Set.of("status.replicas")),
          Map.entry(Kinds.SERVICE, Set.of("spec.clusterIP", "spec.type")),
          Map.entry(Kinds.IMAGE_BUILD, Set.of("spec.nodeName", "status.phase")));

  private static final Set<String> COUNTS = Set.of("status.replicas", "status.successful");

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

  /// A watch judges what is stored: events of the newer group under the names of the older one.
  private static String stored(ResourceType type, JsonNode object, String path) {
    boolean core = type.equals(Kinds.GROUPED_EVENT) && object.has("involvedObject");
    if (core) {
      return path.replace("regarding.", "involvedObject.")
          .replace("reportingController", "reportingComponent");
    }
    return path.equals("status.successful") ? "status.succeeded" : path;
  }

  private static String value(ResourceType type, JsonNode object, String path) {
    if (type.equals(Kinds.EVENT) && path.equals("source")) {
      return Json.text(object, "source", "component");
    }
    if (path.equals("status.podIPs")) {
      return Json.text(object.path("status").path("podIPs").path(0), "ip");
    }
    String found = Json.text(object, stored(type, object, path).split("\\.", -1));
    if (found.isEmpty() && COUNTS.contains(path)) {
      return "0";
    }
    boolean absentBoolean = path.equals("spec.unschedulable") || path.equals("spec.hostNetwork");
    return found.isEmpty() && absentBoolean ? "false" : found;
  }
}
