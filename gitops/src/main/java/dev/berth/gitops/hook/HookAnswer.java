package dev.berth.gitops.hook;

import dev.berth.api.gitops.GitRef;
import java.util.Optional;

/// What the sender is told.
///
/// @param status of HTTP
/// @param checks whether the remote is to be asked now
public record HookAnswer(int status, String text, boolean checks) {

  /// Decides. A missing repository and one without a webhook answer the same: who does not know the
  /// secret learns nothing.
  ///
  /// @param secret what messages are signed with; empty where nobody may send any
  public static HookAnswer to(HookMessage message, Optional<byte[]> secret, GitRef wanted) {
    if (secret.isEmpty()) {
      return new HookAnswer(404, "there is no webhook here\n", false);
    }
    if (!message.isGenuine(secret.get())) {
      return new HookAnswer(
          401, "the signature is missing or wrong: compare the secret with spec.webhook\n", false);
    }
    if (!message.movesReferences()) {
      return new HookAnswer(200, "nothing to do for " + message.event() + "\n", false);
    }
    Optional<String> moved = message.reference();
    if (moved.isPresent() && !concerns(moved.get(), wanted)) {
      return new HookAnswer(200, "nothing to do for " + moved.get() + "\n", false);
    }
    return new HookAnswer(202, "the repository is asked now\n", true);
  }

  private static boolean concerns(String moved, GitRef wanted) {
    return switch (wanted) {
      case GitRef.DefaultBranch _ -> moved.startsWith("refs/heads/");
      case GitRef.Branch branch -> moved.equals("refs/heads/" + branch.name());
      case GitRef.Tag tag -> moved.equals("refs/tags/" + tag.name());
      case GitRef.Semver _ -> moved.startsWith("refs/tags/");
      case GitRef.Commit _ -> false;
    };
  }
}
