package dev.berth.cli.apply;

import dev.berth.api.ApiException;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.Printable;
import dev.berth.api.why.Explanation;
import dev.berth.api.why.Why;
import dev.berth.cli.talk.PodLog;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Paint;
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

/// The last block of what waits for a rollout: where it runs, or why it does not, with the last
/// words of the failing container and the commands to run next.
final class Ending {
  private static final int LINES = 20;

  private final String verb;
  private final Terminal terminal;
  private final ApiClient client;
  private final String same;
  private final UnaryOperator<String> reachable;
  private final InstantSource clock = InstantSource.system();

  /// @param verb who speaks: `berth apply`
  /// @param same what to add to a command that asks the same server
  /// @param reachable an app's address as it works from here
  Ending(
      String verb,
      Terminal terminal,
      ApiClient client,
      String same,
      UnaryOperator<String> reachable) {
    this.verb = verb;
    this.terminal = terminal;
    this.client = client;
    this.same = same;
    this.reachable = reachable;
  }

  Exit tell(Waiting.End end, List<Rollout> rollouts, Duration limit) {
    switch (end.exit()) {
      case OK -> rollouts.forEach(this::wellDone);
      case TIMEOUT -> timeout(end.rollout(), limit);
      case FAILED, DIFFERENT, TROUBLE, ROLLOUT_FAILED, INVALID_MANIFEST, UNREACHABLE ->
          end.failure()
              .ifPresent(
                  failure ->
                      end.rollout()
                          .ifPresentOrElse(
                              rollout -> failed(rollout, failure), () -> plainFailed(failure)));
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
        one ->
            explanation(one)
                .ifPresentOrElse(
                    page -> page.forEach(terminal::say),
                    () ->
                        next(
                            "berth status " + one.key().name(), "berth logs " + one.key().name())));
  }

  /// The explanation has the cause and the fix: the line above it does not say them again.
  private void failed(Rollout rollout, Outcome.Failed failure) {
    Optional<List<String>> page = explanation(rollout);
    if (page.isPresent()) {
      red(rollout.key().name() + " does not start; waiting longer would not help");
      page.get().forEach(terminal::say);
      next("berth describe " + failure.about());
      return;
    }
    red(rollout.key().name() + ": " + failure.reason());
    lastWords(rollout, failure);
    next(
        "berth describe " + failure.about(),
        failure.pod().isEmpty()
            ? "berth why " + rollout.key().name()
            : "berth logs " + failure.pod() + (failure.crashed() ? " --previous" : ""));
  }

  private void plainFailed(Outcome.Failed failure) {
    red(failure.reason());
    next("berth why " + failure.about());
  }

  /// What `berth why` would say; empty where nothing is known to be wrong, or nobody answers.
  private Optional<List<String>> explanation(Rollout rollout) {
    try {
      return client.find(Kinds.MODEL_APP, rollout.key()).flatMap(this::explanation);
    } catch (ApiException e) {
      return Optional.empty();
    }
  }

  private Optional<List<String>> explanation(ObjectNode app) {
    Instant now = clock.instant();
    Explanation why = Why.of(Surroundings.of(client, app).situation(app), now);
    int columns = terminal.progressIsSeen() ? terminal.columns() : Wrap.NEVER;
    WhyPage page =
        new WhyPage(terminal.coloursInProgress(), columns, now, command -> command + same);
    return why.root().isEmpty() ? Optional.empty() : Optional.of(page.of(app, why));
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
    terminal.say(Paint.RED.of(verb + ": " + Printable.line(line), terminal.coloursInProgress()));
  }

  private void next(String... commands) {
    for (String command : commands) {
      terminal.say("  " + command + same);
    }
  }
}
