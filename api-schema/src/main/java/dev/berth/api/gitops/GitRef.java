package dev.berth.api.gitops;

import dev.berth.api.Json;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Which revision of a repository is wanted.
public sealed interface GitRef {

  /// The branch that the remote's HEAD names.
  record DefaultBranch() implements GitRef {}

  record Branch(String name) implements GitRef {}

  record Tag(String name) implements GitRef {}

  /// The newest tag within the range, such as `1.x` or `>=1.2 <2`.
  record Semver(String range) implements GitRef {}

  /// `id` has 40 lower case hexadecimal digits.
  record Commit(String id) implements GitRef {}

  static GitRef read(JsonNode ref) {
    return named(ref, "branch")
        .<GitRef>map(Branch::new)
        .or(() -> named(ref, "tag").map(Tag::new))
        .or(() -> named(ref, "semver").map(Semver::new))
        .or(() -> named(ref, "commit").map(Commit::new))
        .orElseGet(DefaultBranch::new);
  }

  private static Optional<String> named(JsonNode ref, String field) {
    return Json.optional(ref, field);
  }
}
