package dev.berth.gitops;

import dev.berth.api.Json;
import dev.berth.api.gitops.GitRepository;
import dev.berth.api.gitops.GitWords;
import dev.berth.gitops.Outcome.Happened;
import dev.berth.gitops.sync.Target;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Somebody's wishes in annotations. Pure.
///
/// @param request the text that asks for a sync, where it was not answered yet
/// @param rollbackTo the revision to go back to
record Asked(Optional<String> request, Optional<String> rollbackTo) {
  private static final int SHOWN = 60;

  static Asked of(ObjectNode tree) {
    String handled = Json.text(tree, "status", "handledSyncRequest");
    return new Asked(
        Json.annotation(tree, GitRepository.SYNC_REQUESTED).filter(text -> !text.equals(handled)),
        Json.annotation(tree, GitRepository.ROLLBACK_TO));
  }

  boolean sync() {
    return request.isPresent();
  }

  /// The same, with the revision as the status writes it; with none where it was never here.
  Asked known(JsonNode status, String tip) {
    return new Asked(request, rollbackTo.flatMap(wish -> Target.find(status, tip, wish)));
  }

  /// Nobody is taken where the repository never was.
  Optional<Happened> refusal(JsonNode status, String tip) {
    return rollbackTo
        .filter(wish -> Target.find(status, tip, wish).isEmpty())
        .map(wish -> new Happened(true, "RollbackRefused", unknown(wish, status, tip)));
  }

  private static String unknown(String wish, JsonNode status, String tip) {
    return "there is no revision "
        + (wish.length() > SHOWN ? wish.substring(0, SHOWN) + "..." : wish)
        + " to go back to, and nothing is changed; known are "
        + String.join(
            ", ", Target.known(status, tip).stream().map(GitWords::shortRevision).toList())
        + "; to go to another commit push it, or set spec.ref.commit";
  }
}
