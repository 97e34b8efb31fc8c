package dev.berth.cli.git;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.gitops.GitWords;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Row.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// How far a repository is with what was asked of it. Pure.
///
/// ```
/// the controller has not seen the request       Going
/// Suspended, Stalled, PruneBlocked              Failed: the next try needs another commit, another
/// not Ready, and nothing goes on (Reconciling)    specification or somebody's word
/// Reconciling, or Ready is not known            Going
/// Ready                                         Done
/// ```
sealed interface Standing {
  record Going() implements Standing {}

  record Done() implements Standing {}

  /// It will not get there by itself.
  record Failed(String reason, String message) implements Standing {}

  /// A page of the tree shows so many objects; what is well is left out first.
  int MOST_ROWS = 30;

  /// How it stands.
  ///
  /// @param seen whether the status is about what was asked for
  static Standing of(JsonNode repository, boolean seen) {
    boolean current =
        Json.at(repository, "status", "observedGeneration").asLong(0)
            >= Json.generation(repository);
    if (!seen || !current) {
      return new Going();
    }
    return problem(repository)
        .<Standing>map(c -> new Failed(c.reason(), c.message()))
        .orElseGet(
            () ->
                Conditions.isTrue(repository, "Ready")
                        && !Conditions.isTrue(repository, "Reconciling")
                    ? new Done()
                    : new Going());
  }

  private static Optional<Condition> problem(JsonNode repository) {
    return Stream.of("Suspended", "Stalled", "PruneBlocked")
        .flatMap(type -> Conditions.find(repository, type).filter(Condition::isTrue).stream())
        .findFirst()
        .or(() -> Conditions.find(repository, "Ready").filter(_ -> rests(repository)));
  }

  /// Not ready, and nobody is about to change that.
  private static boolean rests(JsonNode repository) {
    return Conditions.find(repository, "Ready").filter(c -> c.status().equals("False")).isPresent()
        && !Conditions.isTrue(repository, "Reconciling");
  }

  /// The tree that is shown meanwhile: the steps, and below the last one what is not well.
  static List<Row> rows(JsonNode repository, boolean seen) {
    List<Row> rows = new ArrayList<>();
    rows.add(step(repository, "SourceReady", "source", source(repository), seen));
    if (Conditions.find(repository, "Verified").isPresent()) {
      rows.add(step(repository, "Verified", "signature", "", seen));
    }
    GitWords words = GitWords.of(repository);
    rows.add(step(repository, "Synced", "objects", summary(repository), seen));
    Row health = step(repository, "Healthy", "health", words.objects() + " healthy", seen);
    for (Row object : objects(repository)) {
      health = health.with(object);
    }
    rows.add(health);
    return rows;
  }

  private static Row step(
      JsonNode repository, String type, String what, String well, boolean seen) {
    Optional<Condition> condition = seen ? Conditions.find(repository, type) : Optional.empty();
    if (condition.isEmpty()) {
      return Row.of(State.WAITING, what, "");
    }
    Condition c = condition.get();
    if (c.isTrue()) {
      return Row.of(State.DONE, what, well.isBlank() ? c.message() : well);
    }
    boolean failed =
        c.status().equals("False")
            && (type.equals("SourceReady")
                || Conditions.isTrue(repository, "Stalled")
                || rests(repository));
    String detail = c.message().isEmpty() ? c.reason() : c.message();
    return Row.of(failed ? State.FAILED : State.RUNNING, what, detail);
  }

  private static String source(JsonNode repository) {
    JsonNode source = Json.at(repository, "status", "source");
    String revision = GitWords.shortRevision(Json.text(source, "revision"));
    String subject = Json.text(source, "subject");
    return subject.isEmpty() ? revision : revision + "  " + subject;
  }

  private static String summary(JsonNode repository) {
    JsonNode summary = Json.at(repository, "status", "summary");
    long pruned = summary.path("pruned").asLong(0);
    return summary.path("synced").asLong(0)
        + "/"
        + summary.path("total").asLong(0)
        + " as the commit says"
        + (pruned > 0 ? ", " + pruned + " deleted" : "");
  }

  private static List<Row> objects(JsonNode repository) {
    return Json.at(repository, "status", "resources")
        .valueStream()
        .filter(object -> !Json.text(object, "health").equals("Healthy"))
        .limit(MOST_ROWS)
        .map(Standing::object)
        .toList();
  }

  private static Row object(JsonNode object) {
    String health = Json.text(object, "health");
    String message = Json.text(object, "message");
    State state = health.equals("Degraded") ? State.FAILED : State.RUNNING;
    return Row.of(
        state, Json.text(object, "ref"), message.isEmpty() ? health : health + ": " + message);
  }
}
