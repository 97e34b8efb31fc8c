package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The revisions of a model: the wanted one, the one that serves, and which others stay meanwhile.
///
/// @param wanted the revision that the spec asks for, such as r3; empty while its image is missing
///   and nothing ran before
/// @param serving the revision that gets the traffic
/// @param kept Deployments of other revisions that must stay for now
record Revisions(String wanted, String serving, List<ObjectNode> kept) {

  static Revisions of(Observed observed, Image image, Expansion expansion) {
    List<ObjectNode> models =
        observed.deployments().stream()
            .filter(d -> Workloads.component(d).equals(Labels.MODEL))
            .sorted(Comparator.comparingInt(Workloads::revisionNumber))
            .toList();
    int newest = models.isEmpty() ? 0 : Workloads.revisionNumber(models.getLast());
    String newestName = newest == 0 ? "" : "r" + newest;
    if (!(image instanceof Image.Ready ready)) {
      return new Revisions(newestName, serving(observed, models, newestName), models);
    }
    String hash = expansion.modelHash(ready);
    boolean same =
        !models.isEmpty()
            && Json.annotation(models.getLast(), Labels.TEMPLATE_HASH).orElse("").equals(hash);
    String wanted = same ? newestName : "r" + (newest + 1);
    if (isWholeReady(observed, wanted)) {
      return new Revisions(wanted, wanted, stillTrafficOf(observed, models, wanted));
    }
    String serving = serving(observed, models, wanted);
    return new Revisions(
        wanted,
        serving,
        models.stream().filter(d -> name(d).equals(serving) && !serving.equals(wanted)).toList());
  }

  static String name(JsonNode deployment) {
    return Json.labels(deployment).getOrDefault(Labels.REVISION, "");
  }

  private static boolean isWholeReady(Observed observed, String revision) {
    long ready = observed.podsOfRevision(revision).stream().filter(Workloads::serves).count();
    return ready >= observed.app().spec().scale().model().min() && ready > 0;
  }

  /// The newest revision with a ready replica; the wanted one where there is none.
  private static String serving(Observed observed, List<ObjectNode> models, String wanted) {
    Optional<String> marked =
        observed.slices().stream()
            .filter(slice -> weightOf(slice) > 0)
            .map(Revisions::name)
            .filter(revision -> hasReady(observed, revision))
            .findFirst();
    return marked
        .or(
            () ->
                models.reversed().stream()
                    .map(Revisions::name)
                    .filter(revision -> hasReady(observed, revision))
                    .findFirst())
        .orElse(wanted);
  }

  private static boolean hasReady(Observed observed, String revision) {
    return observed.podsOfRevision(revision).stream().anyMatch(Workloads::serves);
  }

  private static int weightOf(JsonNode slice) {
    return Json.annotation(slice, Labels.WEIGHT).map(Integer::parseInt).orElse(0);
  }

  /// Those whose slice still says traffic: first the weights swap, then, in the next round, they
  /// go.
  private static List<ObjectNode> stillTrafficOf(
      Observed observed, List<ObjectNode> models, String wanted) {
    return models.stream()
        .filter(d -> !name(d).equals(wanted))
        .filter(
            d ->
                observed.slices().stream()
                    .anyMatch(slice -> name(slice).equals(name(d)) && weightOf(slice) > 0))
        .toList();
  }

  int weight(String revision) {
    return revision.equals(serving) ? 100 : 0;
  }
}
