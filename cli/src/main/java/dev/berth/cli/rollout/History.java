package dev.berth.cli.rollout;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.Printable;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import dev.berth.client.ListOptions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The revisions of a Deployment that are still known, the oldest first (kubernetes.io: "Rolling
/// Back a Deployment").
record History(ObjectNode deployment, List<ObjectNode> sets) {
  private static final String REVISION = "deployment.kubernetes.io/revision";
  private static final String HASH = "pod-template-hash";

  static History of(ApiClient client, ObjectNode deployment) {
    return of(
        deployment,
        client.list(Kinds.REPLICA_SET, Json.namespace(deployment), ListOptions.ALL).items());
  }

  /// @param sets those of its namespace
  static History of(ObjectNode deployment, List<ObjectNode> sets) {
    String uid = Json.uid(deployment);
    return new History(
        deployment,
        sets.stream()
            .filter(set -> isControlledBy(set, uid) && revision(set) > 0)
            .sorted(Comparator.comparingLong(History::revision))
            .toList());
  }

  private static boolean isControlledBy(JsonNode set, String uid) {
    return Json.at(set, "metadata", "ownerReferences")
        .valueStream()
        .anyMatch(
            owner ->
                owner.path("controller").asBoolean(false) && Json.text(owner, "uid").equals(uid));
  }

  /// Zero for a set that has none, or none that can be read.
  static long revision(JsonNode set) {
    String text = Json.annotation(set, REVISION).orElse("");
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
  }

  /// The one that the Deployment asks for now; 0 before the controller has seen it.
  long current() {
    return revision(deployment);
  }

  /// A revision by its number, or the one before the current with 0.
  ObjectNode find(long number) {
    if (number > 0) {
      return sets.stream()
          .filter(set -> revision(set) == number)
          .findFirst()
          .orElseThrow(() -> unknown(number));
    }
    return sets.stream()
        .filter(set -> revision(set) < current())
        .reduce((_, later) -> later)
        .orElseThrow(
            () ->
                Failure.of(
                    "deployment " + name() + " has no revision before " + current(),
                    "see them: berth rollout history deployment/" + name()));
  }

  private Failure unknown(long number) {
    String known =
        sets.stream().map(set -> Long.toString(revision(set))).collect(Collectors.joining(", "));
    return Failure.of(
        "deployment " + name() + " has no revision " + number,
        known.isEmpty() ? "none is known yet" : "it has " + known);
  }

  private String name() {
    return Printable.line(Json.name(deployment));
  }

  /// As the Deployment had it: without the mark by which the controller knows the set.
  static ObjectNode template(JsonNode set) {
    ObjectNode template = Json.deepCopy(Json.at(set, "spec", "template"));
    if (template.path("metadata").path("labels") instanceof ObjectNode labels) {
      labels.remove(HASH);
    }
    return template;
  }

  static List<String> images(JsonNode set) {
    return Json.at(set, "spec", "template", "spec", "containers")
        .valueStream()
        .map(container -> Json.text(container, "image"))
        .toList();
  }
}
