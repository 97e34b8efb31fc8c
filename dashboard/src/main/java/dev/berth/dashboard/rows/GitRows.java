package dev.berth.dashboard.rows;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.gitops.GitWords;
import dev.berth.dashboard.scene.Scene;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

final class GitRows {
  private final Scene scene;

  GitRows(Scene scene) {
    this.scene = scene;
  }

  List<Row> all() {
    return scene.list(Kinds.GIT_REPOSITORY).stream().map(GitRows::row).toList();
  }

  private static Row row(JsonNode repository) {
    GitWords words = GitWords.of(repository);
    Verdict verdict = verdict(repository, words);
    ObjectNode row = Row.begin(repository, verdict);
    String url = Json.text(repository, "spec", "url");
    row.put("url", url)
        .put("ready", words.ready())
        .put("sync", words.sync())
        .put("healthWord", words.health())
        .put("revision", words.revision())
        .put("objects", words.objects())
        .put("suspended", isSuspended(repository))
        .put("mode", Json.optional(repository, "spec", "sync", "mode").orElse("auto"));
    return Row.of(row, verdict, url, words.revision(), words.sync(), words.health());
  }

  private static boolean isSuspended(JsonNode repository) {
    return Json.at(repository, "spec", "suspend").asBoolean(false);
  }

  /// Not ready while it makes progress is on its way; stalled needs somebody.
  private static Verdict verdict(JsonNode repository, GitWords words) {
    if (Json.isDeleting(repository)) {
      return Verdict.of(Health.WORKING, "Deleting");
    }
    if (isSuspended(repository)) {
      return Verdict.of(Health.PAUSED, "Suspended");
    }
    Optional<Condition> ready = Conditions.find(repository, "Ready");
    if (ready.map(Condition::isTrue).orElse(false)) {
      return Verdict.of(Health.OK, "Ready");
    }
    boolean failed = ready.map(c -> c.status().equals(Condition.FALSE)).orElse(false);
    boolean moves =
        !Conditions.isTrue(repository, "Stalled")
            && (Conditions.isTrue(repository, "Reconciling")
                || words.health().equals("Progressing"));
    String reason = ready.map(Condition::reason).orElse("");
    return failed && !moves
        ? Verdict.of(Health.FAILING, reason, reason, words.message())
            .since(ready.map(Condition::lastTransitionTime))
        : Verdict.of(Health.WORKING, "Syncing", reason, words.message());
  }
}
