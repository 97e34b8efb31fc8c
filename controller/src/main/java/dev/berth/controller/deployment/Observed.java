package dev.berth.controller.deployment;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.controller.reconcile.Owners;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// One ReplicaSet of a Deployment with what its pods are doing.
///
/// The pods are counted here and not taken from the set's status, which may lag behind. `available`
/// never exceeds the wanted number: pods above it are about to be deleted, the useful ones last.
record Observed(ObjectNode set, int wanted, int pods, int ready, int available) {
  static final String REVISION = "deployment.kubernetes.io/revision";

  static Observed of(ObjectNode set, List<ObjectNode> pods, Duration minReady, Instant now) {
    List<ObjectNode> mine =
        pods.stream().filter(pod -> Owners.isControlledBy(pod, Json.uid(set))).toList();
    List<ObjectNode> active = mine.stream().filter(Observed::isActive).toList();
    int wanted = Json.at(set, "spec", "replicas").asInt(0);
    int ready = (int) active.stream().filter(pod -> Conditions.isTrue(pod, "Ready")).count();
    int available = (int) active.stream().filter(pod -> isAvailable(pod, minReady, now)).count();
    return new Observed(set, wanted, mine.size(), ready, Math.min(available, wanted));
  }

  private static boolean isActive(JsonNode pod) {
    String phase = Json.text(pod, "status", "phase");
    return !Json.isDeleting(pod) && !phase.equals("Succeeded") && !phase.equals("Failed");
  }

  private static boolean isAvailable(JsonNode pod, Duration minReady, Instant now) {
    return Conditions.find(pod, "Ready")
        .filter(ready -> ready.isTrue() && !ready.lastTransitionTime().plus(minReady).isAfter(now))
        .isPresent();
  }

  long revision() {
    try {
      return Long.parseLong(Json.annotation(set, REVISION).orElse("0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  static Comparator<Observed> oldestFirst() {
    return Comparator.comparingLong(Observed::revision).thenComparing(o -> Json.name(o.set()));
  }
}
