package dev.berth.cli.git;

import dev.berth.api.Conditions;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.gitops.GitWords;
import dev.berth.cli.progress.Board;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Spans;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.client.ApiClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A verb about one GitRepository.
abstract class GitVerb extends ClientVerb {
  @Parameters(paramLabel = "NAME", index = "0", description = "The GitRepository.")
  String name = "";

  protected final InstantSource clock = InstantSource.system();

  GitVerb(Terminal terminal) {
    super(terminal);
  }

  protected abstract Exit run(ApiClient client, ObjectKey key, ObjectNode repository)
      throws Exception;

  @Override
  protected final Exit run(ApiClient client, String inNamespace) throws Exception {
    ObjectKey key = Repositories.key(inNamespace, name);
    return run(client, key, Repositories.get(client, key));
  }

  /// Waits, and says how it ended: nothing more where it is well, else the reason and what to run.
  protected final Exit await(
      ApiClient client, ObjectKey key, String title, Duration limit, Predicate<JsonNode> seen)
      throws InterruptedException {
    Asked asked = new Asked(new Board(terminal), title, limit, clock);
    Asked.End end = asked.await(client, key, seen);
    String same = sameServer(client, key.namespace());
    return switch (end.standing()) {
      case Standing.Done _ -> done(key, end.repository());
      case Standing.Failed failed -> failed(key, failed, end.repository(), same);
      case Standing.Going _ -> late(key, limit, end.repository(), same);
    };
  }

  private Exit done(ObjectKey key, JsonNode repository) {
    GitWords words = GitWords.of(repository);
    terminal.data(
        Printable.line(
            key.name()
                + " is at "
                + words.revision()
                + ", "
                + words.objects()
                + " objects healthy"));
    return Exit.OK;
  }

  private Exit failed(ObjectKey key, Standing.Failed failed, JsonNode repository, String same) {
    red(key.name() + ": " + failed.reason() + ": " + failed.message());
    if (Conditions.isTrue(repository, "Suspended")) {
      terminal.say("  berth git resume " + key.name() + same);
    } else if (Conditions.isTrue(repository, "PruneBlocked")) {
      Json.at(repository, "status", "pendingConfirmations")
          .forEach(ref -> terminal.say("  would delete " + Refs.text(ref)));
      terminal.say("  agree to it: berth git sync " + key.name() + " --confirm-prune" + same);
    } else {
      terminal.say("  berth get gitrepository/" + key.name() + " -o yaml" + same);
    }
    return Exit.ROLLOUT_FAILED;
  }

  private Exit late(ObjectKey key, Duration limit, JsonNode repository, String same) {
    String message = GitWords.of(repository).message();
    red(
        key.name()
            + " is not ready after "
            + Spans.format(limit)
            + "; the server goes on"
            + (message.isEmpty() ? "" : ": " + message));
    terminal.say("  berth git ls" + same);
    return Exit.TIMEOUT;
  }

  protected final void red(String line) {
    terminal.say(Paint.RED.of(Printable.line(line), terminal.coloursInProgress()));
  }
}
