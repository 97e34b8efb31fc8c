package dev.berth.cli.apply;

import dev.berth.api.Kinds;
import dev.berth.cli.progress.Board;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Tree;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.verb.ClientVerb;
import dev.berth.cli.verb.Named;
import dev.berth.cli.verb.Patience;
import dev.berth.cli.verb.Subject;
import dev.berth.client.ApiClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "berth rollout status",
    header = {
      "Example:",
      "  berth rollout status digits",
      "  berth rollout status deployment/shop --timeout 2m",
      "  berth rollout status shop --no-wait",
      ""
    },
    description = {
      "%nWaits until what was applied runs, or cannot run as it is, and shows the progress.",
      "%nExit codes: 0 it runs, 2 the rollout failed, 3 not in time (with --no-wait: not yet)."
    })
public final class RolloutStatusVerb extends ClientVerb {
  private static final String VERB = "berth rollout status";
  private static final Duration FIRST_LOOK = Duration.ofSeconds(30);

  @Mixin final Subject subject = new Subject();

  @Mixin final Patience patience = new Patience();

  private final InstantSource clock = InstantSource.system();

  public RolloutStatusVerb(Terminal terminal) {
    super(terminal);
  }

  @Override
  protected Exit run(ApiClient client, String inNamespace) throws InterruptedException {
    Duration limit = patience.limit();
    Named named = subject.named(client, inNamespace);
    client.get(named.type(), named.key());
    Board board = new Board(terminal);
    String title = "rollout of " + named.text();
    Waiting waiting = new Waiting(title, board, clock.instant(), limit, clock);
    Ending ending =
        new Ending(
            VERB, terminal, client, sameServer(client, named.key().namespace()), server::reachable);
    if (named.type().equals(Kinds.MODEL_APP)) {
      return ofModelApp(client, named, waiting, ending, limit, board);
    }
    if (!Plain.isWaitedFor(named.type())) {
      throw Failure.of(
          "a " + named.type().kind() + " is not rolled out",
          "modelapps, deployments, replicasets and pods are");
    }
    Plain plain = new Plain(client, named.type(), named.key(), "");
    if (!patience.waits()) {
      Outcome outcome = plain.outcome();
      board.finish(tree(title, List.of(plain.row())));
      return told(ending, outcome, Optional.empty(), limit);
    }
    Exit exit = ending.tell(waiting.await(List.of(), List.of(), List.of(plain)), List.of(), limit);
    if (exit == Exit.TIMEOUT) {
      terminal.say("  berth why " + named.text() + sameServer(client, named.key().namespace()));
    }
    return exit;
  }

  private Exit ofModelApp(
      ApiClient client, Named named, Waiting waiting, Ending ending, Duration limit, Board board)
      throws InterruptedException {
    try (Rollout rollout = new Rollout(client, named.key(), Set.of(), waiting.changed())) {
      if (!rollout.awaitSynced(FIRST_LOOK)) {
        throw new Failure(Exit.TIMEOUT, "the server does not list what belongs to " + named.text());
      }
      if (patience.waits()) {
        List<Rollout> one = List.of(rollout);
        return ending.tell(waiting.await(List.of(), one, List.of()), one, limit);
      }
      board.finish(tree("rollout of " + named.text(), rollout.rows()));
      return told(ending, rollout.outcome(), Optional.of(rollout), limit);
    }
  }

  private static Tree tree(String title, List<Row> rows) {
    return new Tree(title, Duration.ZERO, Optional.empty(), rows);
  }

  /// How it stands, without patience for what may get better.
  private static Exit told(
      Ending ending, Outcome outcome, Optional<Rollout> rollout, Duration limit) {
    return switch (outcome) {
      case Outcome.Going _ -> Exit.TIMEOUT;
      case Outcome.Done _ ->
          ending.tell(
              new Waiting.End(Exit.OK, rollout, Optional.empty()),
              rollout.map(List::of).orElse(List.of()),
              limit);
      case Outcome.Failed failed ->
          ending.tell(
              new Waiting.End(Exit.ROLLOUT_FAILED, rollout, Optional.of(failed)), List.of(), limit);
    };
  }
}
