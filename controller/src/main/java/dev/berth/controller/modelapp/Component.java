package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import dev.berth.controller.reconcile.PodTemplates;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Model or app as the spec wants it now. Replicas of an earlier template may go on serving, but
/// they prove nothing about this one.
///
/// @param deployment the Deployment, once it is the wanted one
/// @param pods those of exactly that Deployment's template
/// @param before replicas of an earlier template that serve
/// @param wanted how many replicas are asked for
record Component(
    String name, Optional<ObjectNode> deployment, List<ObjectNode> pods, int before, int wanted) {

  static Component of(Observed observed, String name, ObjectNode wanted) {
    Optional<ObjectNode> present =
        observed.deployments().stream()
            .filter(d -> Json.name(d).equals(Json.name(wanted)) && isSealedAs(d, wanted))
            .findFirst();
    Optional<String> hash = present.map(PodTemplates::hash);
    List<ObjectNode> all = observed.podsOf(name);
    List<ObjectNode> pods =
        all.stream()
            .filter(pod -> hash.map(h -> PodTemplates.isFrom(pod, h)).orElse(false))
            .toList();
    int before = serving(all) - serving(pods);
    return new Component(name, present, pods, before, Workloads.replicas(wanted));
  }

  private static boolean isSealedAs(JsonNode present, JsonNode wanted) {
    return Json.annotation(present, Labels.EXPANSION_HASH)
        .equals(Json.annotation(wanted, Labels.EXPANSION_HASH));
  }

  static int serving(List<ObjectNode> pods) {
    return (int) pods.stream().filter(Workloads::serves).count();
  }

  private int ready() {
    return serving(pods);
  }

  /// The wanted Deployment has been acted on to the end and every replica of it works.
  private boolean isWhole() {
    return deployment.filter(this::isRolledOut).isPresent()
        && ready() >= wanted
        && failure().isEmpty();
  }

  private boolean isRolledOut(JsonNode current) {
    JsonNode status = current.path("status");
    return status.path("observedGeneration").asLong(0) >= Json.generation(current)
        && status.path("updatedReplicas").asInt(0) == wanted
        && status.path("availableReplicas").asInt(0) == wanted
        && status.path("replicas").asInt(0) == wanted;
  }

  Optional<Failure> failure() {
    return pods.stream()
        .filter(pod -> !Workloads.serves(pod) && !Json.isDeleting(pod))
        .flatMap(pod -> Failure.of(name, pod).stream())
        .findFirst();
  }

  Finding finding() {
    return isWhole()
        ? Finding.yes("ReplicasReady", replicas() + " are ready")
        : failure().map(Failure::finding).orElseGet(this::comingUp);
  }

  private Finding comingUp() {
    return before > 0
        ? Finding.no(
            "RollingOut",
            "the new "
                + name
                + " comes up while the old one runs: "
                + replicas()
                + " are ready"
                + doing())
        : Finding.no("Starting", replicas() + " are ready" + doing());
  }

  private String replicas() {
    return ready() + " of " + wanted + " " + name + " replicas";
  }

  /// What the first unready pod is busy with, such as pulling.
  private String doing() {
    for (ObjectNode pod : pods) {
      for (JsonNode status : Json.at(pod, "status", "containerStatuses")) {
        String reason = Json.text(status, "state", "waiting", "reason");
        if (!reason.isEmpty()) {
          String message = Json.text(status, "state", "waiting", "message");
          return " (" + reason + (message.isEmpty() ? "" : " " + message) + ")";
        }
      }
    }
    return "";
  }
}
