package dev.berth.cli.git;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.gitops.GitWords;
import dev.berth.cli.term.Failure;
import dev.berth.cli.verb.Parsed;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// GitRepositories as the verbs ask for them.
final class Repositories {
  private Repositories() {}

  static ObjectKey key(String namespace, String name) {
    int slash = name.indexOf('/');
    boolean typed = slash > 0 && Kinds.byName(name.substring(0, slash)).isPresent();
    return new ObjectKey(namespace, Parsed.name(typed ? name.substring(slash + 1) : name));
  }

  /// Throws a [Failure] that says how to see those that are there.
  static ObjectNode get(ApiClient client, ObjectKey key) {
    return client
        .find(Kinds.GIT_REPOSITORY, key)
        .orElseThrow(
            () ->
                Failure.of(
                    "there is no GitRepository named \""
                        + Printable.line(key.name())
                        + "\" in namespace "
                        + key.namespace(),
                    "berth git ls -A"));
  }

  static ObjectNode annotate(ApiClient client, ObjectKey key, String annotation, String value) {
    ObjectNode patch = Json.object();
    patch.putObject("metadata").putObject("annotations").put(annotation, value);
    return client.patch(Kinds.GIT_REPOSITORY, key, PatchType.MERGE, patch, null);
  }

  /// Sets it, and tells so.
  static String suspend(ApiClient client, ObjectKey key, boolean suspended) {
    ObjectNode patch = Json.object();
    patch.putObject("spec").put("suspend", suspended);
    client.patch(Kinds.GIT_REPOSITORY, key, PatchType.MERGE, patch, null);
    return "gitrepository/" + key.name() + (suspended ? " suspended" : " resumed");
  }

  /// Every revision that the status knows, each once, the applied ones of the newest history first.
  static List<String> revisions(JsonNode repository) {
    JsonNode status = repository.path("status");
    return Stream.concat(
            status.path("history").valueStream().map(entry -> Json.text(entry, "revision")),
            Stream.of("appliedRevision", "healthyRevision", "attemptedRevision")
                .map(field -> Json.text(status, field)))
        .filter(revision -> !revision.isEmpty())
        .distinct()
        .toList();
  }

  /// `main@sha1:3f2a91c0...`, `main@3f2a91c`, `3f2a91c` or more of it, as the status writes it.
  static String revision(JsonNode repository, String word) {
    List<String> found =
        revisions(repository).stream().filter(revision -> names(word, revision)).toList();
    if (found.size() == 1) {
      return found.getFirst();
    }
    String known =
        String.join(
            ", ", revisions(repository).stream().map(GitWords::shortRevision).distinct().toList());
    throw Failure.of(
        found.isEmpty()
            ? "the history has no revision " + Printable.line(word)
            : "more than one revision begins with " + Printable.line(word),
        known.isEmpty() ? "nothing was applied yet" : "it has " + Printable.line(known),
        "to go to another commit: push it, or git revert");
  }

  private static boolean names(String word, String revision) {
    String id = revision.substring(revision.lastIndexOf(':') + 1);
    return revision.equals(word)
        || GitWords.shortRevision(revision).equals(word)
        || (word.length() >= 4 && id.startsWith(word));
  }
}
