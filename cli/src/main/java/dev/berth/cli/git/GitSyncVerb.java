package dev.berth.cli.git;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.Times;
import dev.berth.api.gitops.GitRepository;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Patience;
import dev.berth.client.ApiClient;
import dev.berth.client.PatchType;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth git sync",
    header = {
      "Example:",
      "  git push && berth git sync apps",
      "  berth git sync apps --no-wait",
      "  berth git sync apps --confirm-prune",
      ""
    },
    description = {
      "%nAsks the remote now, applies what is new, and waits until it is healthy; of a repository"
          + " with sync.mode manual it applies what waits.",
      "%nExit codes: 0 it is ready, 2 it failed, 3 not in time."
    })
public final class GitSyncVerb extends GitVerb {
  @Mixin final Patience patience = new Patience();

  @Option(
      names = "--confirm-prune",
      description = "Agree to the deletions that wait for it, at the revision seen now.")
  boolean confirmPrune;

  public GitSyncVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, ObjectKey key, ObjectNode repository)
      throws InterruptedException {
    if (Json.at(repository, "spec", "suspend").asBoolean(false)) {
      throw Failure.of(
          "gitrepository/" + Printable.line(key.name()) + " is suspended: nothing is synced",
          "berth git resume " + Printable.line(key.name()) + sameServer(client, key.namespace()));
    }
    String request = Times.formatMicro(clock.instant());
    client.patch(Kinds.GIT_REPOSITORY, key, PatchType.MERGE, patch(repository, request), null);
    if (!patience.waits()) {
      terminal.data("gitrepository/" + Printable.line(key.name()) + " sync requested");
      return Exit.OK;
    }
    return await(
        client, key, "sync " + key.name(), patience.limit(), now -> isAnswered(now, request));
  }

  /// Also where the remote was asked since then, and did not answer: that request stays open.
  static boolean isAnswered(JsonNode repository, String request) {
    Instant asked = Times.parse(request).orElse(Instant.MAX).truncatedTo(ChronoUnit.SECONDS);
    boolean refused =
        Conditions.find(repository, "SourceReady").filter(c -> !c.isTrue()).isPresent()
            && Times.at(repository, "status", "lastCheck", "time")
                .filter(time -> !time.isBefore(asked))
                .isPresent();
    return refused || Json.text(repository, "status", "handledSyncRequest").equals(request);
  }

  private ObjectNode patch(JsonNode repository, String request) {
    ObjectNode patch = Json.object();
    ObjectNode annotations = patch.putObject("metadata").putObject("annotations");
    annotations.put(GitRepository.SYNC_REQUESTED, request);
    if (confirmPrune) {
      annotations.put(GitRepository.CONFIRM_PRUNE, confirmed(repository));
    }
    return patch;
  }

  /// The revision that the waiting deletions belong to: not one that somebody pushes meanwhile.
  private static String confirmed(JsonNode repository) {
    JsonNode status = repository.path("status");
    return Json.optional(status, "attemptedRevision")
        .or(() -> Json.optional(status, "source", "revision"))
        .orElseThrow(() -> Failure.of("nothing was synced yet: there is nothing to agree to"));
  }
}
