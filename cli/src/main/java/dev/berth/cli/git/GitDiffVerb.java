package dev.berth.cli.git;

import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.gitops.GitWords;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import picocli.CommandLine.Command;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
    name = "berth git diff",
    header = {"Example:", "  berth git diff apps", "  berth git diff apps && echo in sync", ""},
    description = {
      "%nWhat differs between the commit and the cluster, as it was last looked at: objects that"
          + " a sync would create (+), change (~) and delete (-).",
      "%nExit codes: 0 nothing, 1 something, 2 or more: it could not be found out."
    })
public final class GitDiffVerb extends GitVerb {
  private static final int MOST_VALUE = 100;

  public GitDiffVerb(Terminal terminal) {
    super(terminal);
  }

  /// One is the answer here, so that no failure may be a one.
  @Override
  public Exit ofFailure(Exit exit) {
    return exit == Exit.FAILED ? Exit.TROUBLE : exit;
  }

  @Override
  protected Exit run(ApiClient client, ObjectKey key, ObjectNode repository) {
    JsonNode status = repository.path("status");
    JsonNode pending = status.path("pendingDiff");
    int all =
        print(pending.path("create"), "+ ", Paint.GREEN)
            + print(pending.path("update"), "~ ", Paint.YELLOW)
            + print(pending.path("delete"), "- ", Paint.RED);
    String at = GitWords.shortRevision(Json.text(status, "source", "revision"));
    GitWords words = GitWords.of(repository);
    if (all > 0) {
      terminal.say(all + (all == 1 ? " object differs from " : " objects differ from ") + at);
      terminal.say(
          "  apply it: berth git sync "
              + Printable.line(key.name())
              + sameServer(client, key.namespace()));
      return Exit.DIFFERENT;
    }
    if (words.sync().equals("Synced")) {
      return Exit.OK;
    }
    String why = words.message().isEmpty() ? "it was not looked at yet" : words.message();
    red(key.name() + ": what differs is not known: " + why);
    return Exit.TROUBLE;
  }

  private int print(JsonNode refs, String mark, Paint paint) {
    for (JsonNode ref : refs) {
      terminal.data(paint.of(mark + Refs.text(ref), terminal.coloursInData()));
      ref.path("changes").forEach(change -> terminal.data("    " + words(change)));
    }
    return refs.size();
  }

  private static String words(JsonNode change) {
    return Printable.line(Json.text(change, "path"))
        + ": "
        + Printable.line(Json.text(change, "from"), MOST_VALUE)
        + " -> "
        + Printable.line(Json.text(change, "to"), MOST_VALUE);
  }
}
