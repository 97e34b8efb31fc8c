package dev.berth.api.gitops;

import dev.berth.api.Condition;
import dev.berth.api.Conditions;
import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What people read of a repository's status, the same in tables, pages and commands. Two words
/// that do not depend on each other: whether the cluster is as the commit says, and whether what
/// runs is well.
///
/// @param ready `True`, `False` or `Unknown`
/// @param sync `Synced`, `OutOfSync` or `Unknown`
/// @param health `Healthy`, or the reason why not (`Progressing`, `Degraded`, ...), or `Unknown`
/// @param revision the applied one, short: `main@3f2a91c`; empty before the first sync
/// @param objects healthy ones of all: `24/25`; empty before the first sync
/// @param message why it is not ready; empty where it is
public record GitWords(
    String ready, String sync, String health, String revision, String objects, String message) {
  private static final int SHORT_ID = 7;
  private static final String ID_MARK = "@sha1:";

  public static GitWords of(JsonNode repository) {
    Optional<Condition> ready = Conditions.find(repository, "Ready");
    return new GitWords(
        ready.map(Condition::status).orElse("Unknown"),
        sync(repository),
        health(repository),
        shortRevision(Json.text(repository, "status", "appliedRevision")),
        objects(Json.at(repository, "status", "summary")),
        ready.filter(condition -> !condition.isTrue()).map(Condition::message).orElse(""));
  }

  private static String sync(JsonNode repository) {
    return switch (status(repository, "Synced")) {
      case "True" -> "Synced";
      case "False" -> "OutOfSync";
      default -> "Unknown";
    };
  }

  private static String health(JsonNode repository) {
    return Conditions.find(repository, "Healthy")
        .map(healthy -> healthy.isTrue() ? "Healthy" : healthy.reason())
        .filter(word -> !word.isEmpty())
        .orElse("Unknown");
  }

  private static String status(JsonNode repository, String type) {
    return Conditions.find(repository, type).map(Condition::status).orElse("Unknown");
  }

  private static String objects(JsonNode summary) {
    return summary.isObject()
        ? summary.path("healthy").asLong(0) + "/" + summary.path("total").asLong(0)
        : "";
  }

  /// `main@sha1:3f2a91c0...` as `main@3f2a91c`; another text as it is.
  public static String shortRevision(String revision) {
    int mark = revision.lastIndexOf(ID_MARK);
    if (mark < 0) {
      return revision;
    }
    int id = mark + ID_MARK.length();
    return revision.substring(0, mark)
        + "@"
        + revision.substring(id, Math.min(id + SHORT_ID, revision.length()));
  }
}
