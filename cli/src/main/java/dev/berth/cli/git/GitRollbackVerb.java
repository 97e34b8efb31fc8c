package dev.berth.cli.git;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.gitops.GitRepository;
import dev.berth.api.gitops.GitWords;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.Patience;
import dev.berth.client.ApiClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth git rollback",
    header = {"Example:", "  berth git rollback apps", "  berth git rollback apps 3f2a91c", ""},
    description = {
      "%nGoes back to a revision of the history (berth git history), else to the last healthy one"
          + " before the current. The revision that is left is not applied again; automatic sync"
          + " goes on with the next new commit.",
      "%nExit codes: 0 it is ready, 2 it failed, 3 not in time."
    })
public final class GitRollbackVerb extends GitVerb {
  @Parameters(
      paramLabel = "REVISION",
      index = "1",
      arity = "0..1",
      description = "Of the history; the first characters of the commit are enough.")
  @Nullable String revision;

  @Mixin final Patience patience = new Patience();

  public GitRollbackVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, ObjectKey key, ObjectNode repository)
      throws InterruptedException {
    String target =
        revision == null ? before(repository) : Repositories.revision(repository, revision);
    String shown = GitWords.shortRevision(target);
    if (target.equals(applied(repository))) {
      terminal.say(Printable.line(key.name() + " is at " + shown + " already"));
      return Exit.OK;
    }
    Repositories.annotate(client, key, GitRepository.ROLLBACK_TO, target);
    if (!patience.waits()) {
      terminal.data(Printable.line("gitrepository/" + key.name() + " goes back to " + shown));
      return Exit.OK;
    }
    return await(
        client,
        key,
        "rollback " + key.name() + " to " + shown,
        patience.limit(),
        now -> applied(now).equals(target));
  }

  private static String applied(JsonNode repository) {
    return Json.text(repository, "status", "appliedRevision");
  }

  /// The newest of the history that ended well and is not what is applied now.
  static String before(JsonNode repository) {
    String applied = applied(repository);
    return Json.at(repository, "status", "history")
        .valueStream()
        .filter(entry -> GitHistoryVerb.endedWell(entry))
        .map(entry -> Json.text(entry, "revision"))
        .filter(candidate -> !candidate.equals(applied))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.of(
                    "the history has no other revision that was healthy",
                    "see it: berth git history " + Printable.line(Json.name(repository)),
                    "or go to any commit: git revert, and push"));
  }
}
