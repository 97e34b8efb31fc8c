package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import dev.berth.api.modelapp.ModelApp;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Everything that a plan for one ModelApp looks at.
///
/// @param tree the ModelApp as stored
/// @param others all other ModelApps of the cluster
/// @param deployments those that it controls
/// @param services all of its namespace, because a name may be taken by somebody else's
/// @param slices those that it controls
/// @param foreign Deployments and EndpointSlices of its namespace that it does not control
/// @param pods those with its label
/// @param builds the ImageBuilds with its label
/// @param present the Secrets and ConfigMaps of its namespace
/// @param ingressPort where the agents' ingress listens, as they say
record Observed(
    ObjectNode tree,
    ModelApp app,
    List<ObjectNode> others,
    List<ObjectNode> deployments,
    List<ObjectNode> services,
    List<ObjectNode> slices,
    List<ObjectNode> foreign,
    List<ObjectNode> pods,
    List<ObjectNode> builds,
    References.Present present,
    Optional<String> ingressPort) {

  /// Some replica of the model or the app works.
  boolean serves() {
    return pods.stream().anyMatch(Workloads::serves);
  }

  List<ObjectNode> podsOf(String component) {
    return pods.stream()
        .filter(pod -> Json.labels(pod).getOrDefault(Labels.COMPONENT, "").equals(component))
        .toList();
  }

  List<ObjectNode> podsOfRevision(String revision) {
    return podsOf(Labels.MODEL).stream()
        .filter(pod -> Json.labels(pod).getOrDefault(Labels.REVISION, "").equals(revision))
        .toList();
  }
}
