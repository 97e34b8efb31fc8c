package dev.berth.cli.apply;

import dev.berth.api.Json;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// The pods that a rollout is about: those of an older version may fail for reasons that it is
/// there to end.
final class NewestPods {
  private NewestPods() {}

  /// Those of the ReplicaSet of the youngest: there is one per version of a Deployment's template.
  static List<? extends JsonNode> of(List<? extends JsonNode> pods) {
    Optional<String> newest =
        pods.stream().max(Comparator.comparing(NewestPods::created)).map(NewestPods::owner);
    return pods.stream().filter(pod -> newest.equals(Optional.of(owner(pod)))).toList();
  }

  /// Those of the model's newest revision, which may have none yet.
  static List<? extends JsonNode> ofModel(JsonNode app, List<? extends JsonNode> pods) {
    int newest =
        Json.at(app, "status", "revisions")
            .valueStream()
            .mapToInt(revision -> number(Json.text(revision, "name")))
            .max()
            .orElse(0);
    return pods.stream()
        .filter(pod -> number(Json.labels(pod).getOrDefault("berth.dev/revision", "")) >= newest)
        .toList();
  }

  /// Of `r12`; 0 where there is none.
  private static int number(String revision) {
    return revision.matches("r[0-9]{1,9}") ? Integer.parseInt(revision.substring(1)) : 0;
  }

  private static String created(JsonNode pod) {
    return Json.text(pod, "metadata", "creationTimestamp");
  }

  private static String owner(JsonNode pod) {
    return Json.text(Json.at(pod, "metadata", "ownerReferences").path(0), "uid");
  }
}
