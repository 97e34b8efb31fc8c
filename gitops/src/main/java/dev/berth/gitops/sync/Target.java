package dev.berth.gitops.sync;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Which revision the cluster is to be at. The tip of the reference, unless it was rejected: then
/// the one that was gone back to, until there is a new tip. Pure.
///
/// @param revision `main@sha1:...`
/// @param skipped what is rejected, the newest first
/// @param by who or what chose: `auto`, `rollback`, `onFailure`
public record Target(String revision, List<String> skipped, String by) {
  private static final int REMEMBERED = 20;

  public String commit() {
    return commit(revision);
  }

  public static String commit(String revision) {
    return revision.substring(revision.lastIndexOf(':') + 1);
  }

  /// Decides.
  ///
  /// @param tip the newest revision of the source
  /// @param rollbackTo the answer to somebody who asked to go back
  public static Target choose(JsonNode status, String tip, Optional<String> rollbackTo) {
    List<String> skipped = texts(status.path("skippedRevisions"));
    String attempted = Json.text(status, "attemptedRevision");
    if (rollbackTo.isPresent() && !same(rollbackTo.get(), tip)) {
      String wanted = known(status, rollbackTo.get());
      return new Target(wanted, without(wanted, with(tip, skipped)), "rollback");
    }
    if (rollbackTo.isPresent()) {
      return new Target(tip, without(tip, skipped), "rollback");
    }
    if (!contains(skipped, tip)) {
      return new Target(tip, skipped, "auto");
    }
    String fallback =
        List.of(
                attempted,
                Json.text(status, "healthyRevision"),
                Json.text(status, "appliedRevision"))
            .stream()
            .filter(text -> !text.isEmpty() && !contains(skipped, text))
            .findFirst()
            .orElse(tip);
    return new Target(fallback, skipped, "rollback");
  }

  /// The target after this one has failed and has to be left.
  Optional<Target> instead(JsonNode status) {
    String healthy = Json.text(status, "healthyRevision");
    return healthy.isEmpty() || same(healthy, revision)
        ? Optional.empty()
        : Optional.of(new Target(healthy, with(revision, skipped), "onFailure"));
  }

  /// What the history calls the commit, so that `git rollback 3f2a91c` is enough.
  private static String known(JsonNode status, String asked) {
    for (JsonNode entry : status.path("history")) {
      String revision = Json.text(entry, "revision");
      if (same(revision, asked)) {
        return revision;
      }
    }
    return asked.contains(":") ? asked : "commit@sha1:" + asked;
  }

  /// Full revisions, full commits, or at least seven digits of one.
  static boolean same(String one, String other) {
    String a = commit(one);
    String b = commit(other);
    int shorter = Math.min(a.length(), b.length());
    return shorter >= 7 && a.substring(0, shorter).equals(b.substring(0, shorter));
  }

  private static boolean contains(List<String> revisions, String revision) {
    return revisions.stream().anyMatch(each -> same(each, revision));
  }

  private static List<String> with(String revision, List<String> revisions) {
    List<String> all = new ArrayList<>(without(revision, revisions));
    all.addFirst(revision);
    return all.size() > REMEMBERED ? all.subList(0, REMEMBERED) : all;
  }

  private static List<String> without(String revision, List<String> revisions) {
    return revisions.stream().filter(each -> !same(each, revision)).toList();
  }

  static List<String> texts(JsonNode list) {
    return list.valueStream().map(node -> node.asString("")).toList();
  }
}
