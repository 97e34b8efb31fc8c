package dev.berth.controller.modelapp;

import dev.berth.api.Json;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The revisions of a model: the wanted one, the one that serves, and which others stay meanwhile.
///
/// Until the wanted one is whole, what worked stays, also through a moment in which none of it is
/// ready: a probe that was missed must not leave a new revision that never works as the only one.
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
    return new Revisions(wanted, serving, stillNeeded(observed, models, wanted, serving));
  }

  /// The one that serves; while that is none, or only a part of the wanted one, all that ever did.
  private static List<ObjectNode> stillNeeded(
      Observed observed, List<ObjectNode> models, String wanted, String serving) {
    boolean enough = !serving.equals(wanted) && hasReady(observed, serving);
    return models.stream()
        .filter(d -> !name(d).equals(wanted))
        .filter(d -> name(d).equals(serving) || (!enough && hasServed(observed, name(d))))
        .toList();
  }

  static String name(JsonNode deployment) {
    return Json.labels(deployment).getOrDefault(Labels.REVISION, "");
  }

  private static boolean isWholeReady(Observed observed, String revision) {
    long ready = observed.podsOfRevision(revision).stream().filter(Workloads::serves).count();
    return ready >= observed.app().spec().scale().model().min() && ready > 0;
  }

  /// Of those with a ready replica the one that has the traffic, or the newest; with no replica
  /// ready at all the newest that ever had one; else the wanted one.
  private static String serving(Observed observed, List<ObjectNode> models, String wanted) {
    List<String> newestFirst = models.reversed().stream().map(Revisions::name).toList();
    List<String> ready = newestFirst.stream().filter(r -> hasReady(observed, r)).toList();
    return ready.stream()
        .filter(revision -> hasTraffic(observed, revision))
        .findFirst()
        .or(() -> ready.stream().findFirst())
        .or(() -> newestFirst.stream().filter(r -> hasServed(observed, r)).findFirst())
        .orElse(wanted);
  }

  private static boolean hasTraffic(Observed observed, String revision) {
    return observed.slices().stream()
        .anyMatch(slice -> name(slice).equals(revision) && weightOf(slice) > 0);
  }

  private static boolean hasServed(Observed observed, String revision) {
    return observed.slices().stream()
        .filter(slice -> name(slice).equals(revision))
        .anyMatch(slice -> Json.annotation(slice, Labels.HAS_SERVED).isPresent());
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
        .filter(d -> hasTraffic(observed, name(d)))
        .toList();
  }

  int weight(String revision) {
    return revision.equals(serving) ? 100 : 0;
  }
}
