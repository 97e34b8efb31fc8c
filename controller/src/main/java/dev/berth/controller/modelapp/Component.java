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
/// @param coming what the wanted one is called, such as r2
/// @param old what the one before is called, such as r1
record Component(
    String name,
    Optional<ObjectNode> deployment,
    List<ObjectNode> pods,
    int before,
    int wanted,
    String coming,
    String old) {

  static Component ofModel(Observed observed, Revisions revisions, ObjectNode wanted) {
    return of(observed, Labels.MODEL, wanted, revisions.wanted(), revisions.serving());
  }

  static Component ofApp(Observed observed, ObjectNode wanted) {
    return of(observed, Labels.APP, wanted, "the new app", "the old one");
  }

  private static Component of(
      Observed observed, String name, ObjectNode wanted, String coming, String old) {
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
    return new Component(name, present, pods, before, Workloads.replicas(wanted), coming, old);
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

  /// What serves meanwhile is what was asked for before: nothing is broken.
  private Finding comingUp() {
    if (before > 0) {
      return Finding.yes(
          StatusReport.ROLLING_OUT,
          coming
              + " is coming up ("
              + replicas()
              + " are ready"
              + doing()
              + "); "
              + old
              + " serves");
    }
    return ready() >= wanted
        ? Finding.yes(StatusReport.ROLLING_OUT, replicas() + " are ready; the rollout is ending")
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
