package dev.berth.cli.apply;

import dev.berth.api.ObjectKey;
import dev.berth.cli.talk.PodLog;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
import dev.berth.cli.term.Printable;
import dev.berth.cli.term.Terminal;
import dev.berth.client.ApiClient;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// The last block of `apply`: where it runs, or why it does not, with the last words of the failing
/// container and the commands to run next.
final class Ending {
  private static final int LINES = 20;

  private final Terminal terminal;
  private final ApiClient client;
  private final String same;
  private final UnaryOperator<String> reachable;

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
        one -> next("berth status " + one.key().name(), "berth logs " + one.key().name()));
  }

  private void failed(Rollout rollout, Outcome.Failed failure) {
    red(rollout.key().name() + ": " + failure.reason());
    List<String> output = failure.output();
    if (output.isEmpty() && !failure.pod().isEmpty()) {
      output =
          lastWords(new ObjectKey(rollout.key().namespace(), failure.pod()), failure.crashed());
    }
    int from = Math.max(0, output.size() - LINES);
    output
        .subList(from, output.size())
        .forEach(
            line ->
                terminal.say(
                    Paint.DIM.of("  | " + Printable.line(line), terminal.coloursInProgress())));
    next(
        "berth describe " + failure.about(),
        failure.pod().isEmpty()
            ? "berth status " + rollout.key().name()
            : "berth logs " + failure.pod() + (failure.crashed() ? " --previous" : ""));
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
