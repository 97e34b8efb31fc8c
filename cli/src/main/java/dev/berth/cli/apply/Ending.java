package dev.berth.cli.apply;

import dev.berth.api.ApiException;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Why;
import dev.berth.cli.talk.PodLog;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Printable;
import dev.berth.cli.term.Terminal;
import dev.berth.cli.term.Wrap;
import dev.berth.cli.why.Surroundings;
import dev.berth.cli.why.WhyPage;
import dev.berth.client.ApiClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.node.ObjectNode;

/// The last block of `apply`: where it runs, or why it does not, with the last words of the failing
/// container and the commands to run next.
final class Ending {
  private static final int LINES = 20;

  private final Terminal terminal;
  private final ApiClient client;
  private final String same;
  private final UnaryOperator<String> reachable;
  private final InstantSource clock = InstantSource.system();

  Ending(Terminal terminal, ApiClient client, String same, UnaryOperator<String> reachable) {
    this.terminal = terminal;
    this.client = client;
    this.same = same;
    this.reachable = reachable;
  }

  Exit tell(Waiting.End end, List<Rollout> rollouts, Duration limit) {
    switch (end.exit()) {
      case OK -> rollouts.forEach(this::wellDone);
      case TIMEOUT -> timeout(end.rollout(), limit);
      case FAILED, ROLLOUT_FAILED, INVALID_MANIFEST, UNREACHABLE ->
          end.failure().ifPresent(failure -> failed(end.rollout().orElseThrow(), failure));
    }
    return end.exit();
  }

  private void wellDone(Rollout rollout) {
    if (rollout.outcome() instanceof Outcome.Done done) {
      terminal.say(
          Paint.BOLD.of(
              rollout.key().name()
                  + " runs"
                  + (done.url().isEmpty()
                      ? ""
                      : ": " + Printable.line(reachable.apply(done.url()))),
              terminal.coloursInProgress()));
    }
  }

  private void timeout(Optional<Rollout> rollout, Duration limit) {
    red(
        (rollout.isPresent() ? rollout.get().key().name() + " is " : "")
            + Waiting.over(limit)
            + "; the server goes on");
    rollout.ifPresent(
        one -> {
          if (!explained(one)) {
            next("berth status " + one.key().name(), "berth logs " + one.key().name());
          }
        });
  }

  private void failed(Rollout rollout, Outcome.Failed failure) {
    red(rollout.key().name() + ": " + failure.reason());
    if (explained(rollout)) {
      next("berth describe " + failure.about());
      return;
    }
    lastWords(rollout, failure);
    next(
        "berth describe " + failure.about(),
        failure.pod().isEmpty()
            ? "berth why " + rollout.key().name()
            : "berth logs " + failure.pod() + (failure.crashed() ? " --previous" : ""));
  }

  /// What `berth why` would say; false where nothing is known to be wrong, or nobody answers.
  private boolean explained(Rollout rollout) {
    try {
      Optional<ObjectNode> app = client.find(Kinds.MODEL_APP, rollout.key());
      if (app.isEmpty()) {
        return false;
      }
      Instant now = clock.instant();
      Explanation why = Why.of(Surroundings.of(client, app.get()).situation(app.get()), now);
      if (why.root().isEmpty()) {
        return false;
      }
      int columns = terminal.progressIsSeen() ? terminal.columns() : Wrap.NEVER;
      new WhyPage(terminal.coloursInProgress(), columns, now, command -> command + same)
          .of(app.get(), why)
          .forEach(terminal::say);
      return true;
    } catch (ApiException e) {
      return false;
    }
  }

  private void lastWords(Rollout rollout, Outcome.Failed failure) {
    List<String> output = failure.output();
    if (output.isEmpty() && !failure.pod().isEmpty()) {
      output =
          lastWords(new ObjectKey(rollout.key().namespace(), failure.pod()), failure.crashed());
    }
    output
        .subList(Math.max(0, output.size() - LINES), output.size())
        .forEach(
            line ->
                terminal.say(
                    Paint.DIM.of("  | " + Printable.line(line), terminal.coloursInProgress())));
  }

  /// A container that has crashed is asked for its last run; if that is gone, for the one before.
  private List<String> lastWords(ObjectKey pod, boolean crashed) {
    List<String> words = PodLog.tail(client, pod, false, LINES);
    return words.isEmpty() && crashed ? PodLog.tail(client, pod, true, LINES) : words;
  }

  private void red(String line) {
    terminal.say(
        Paint.RED.of("berth apply: " + Printable.line(line), terminal.coloursInProgress()));
  }

  private void next(String... commands) {
    for (String command : commands) {
      terminal.say("  " + command + same);
    }
  }
}
