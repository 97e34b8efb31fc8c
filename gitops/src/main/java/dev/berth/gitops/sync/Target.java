package dev.berth.gitops.sync;

import dev.berth.api.Json;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
  /// @param goTo where somebody asked to go, as [#find] has it
  public static Target choose(JsonNode status, String tip, Optional<String> goTo) {
    List<String> skipped = texts(status.path("skippedRevisions"));
    String attempted = Json.text(status, "attemptedRevision");
    if (goTo.isPresent()) {
      List<String> left = same(goTo.get(), tip) ? skipped : with(tip, skipped);
      return new Target(goTo.get(), without(goTo.get(), left), "rollback");
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

  /// What the commit is called, so that `git rollback 3f2a91c` is enough; empty for one that was
  /// never here.
  public static Optional<String> find(JsonNode status, String tip, String asked) {
    return known(status, tip).stream().filter(each -> same(each, asked)).findFirst();
  }

  /// Everything that one can go to, the newest first.
  public static List<String> known(JsonNode status, String tip) {
    Set<String> known = new LinkedHashSet<>(List.of(tip));
    status.path("history").forEach(entry -> known.add(Json.text(entry, "revision")));
    for (String field : List.of("appliedRevision", "healthyRevision", "attemptedRevision")) {
      known.add(Json.text(status, field));
    }
    known.addAll(texts(status.path("skippedRevisions")));
    known.remove("");
    return List.copyOf(known);
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
