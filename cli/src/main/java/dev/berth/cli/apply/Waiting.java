package dev.berth.cli.apply;

import dev.berth.cli.progress.Board;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Tree;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Spans;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// Watches rollouts until all are done, one has failed for good, or the time is over. A failure
/// counts when it has lasted a little: a reconciler may be one event behind, a pull may be
/// repeated.
final class Waiting {
  private static final long TICK_MILLIS = 250;

  /// How it ended, and with which failure; the rollout is empty where a plain object has failed.
  record End(Exit exit, Optional<Rollout> rollout, Optional<Outcome.Failed> failure) {}

  /// What fails, without what may count up in it, and since when.
  private record Failing(String what, Instant since) {}

  private final String title;
  private final Board board;
  private final Instant begun;
  private final Duration limit;
  private final InstantSource clock;
  private final Semaphore changed = new Semaphore(0);
  private final Map<String, Failing> failingSince = new LinkedHashMap<>();

  Waiting(String title, Board board, Instant begun, Duration limit, InstantSource clock) {
    this.title = title;
    this.board = board;
    this.begun = begun;
    this.limit = limit;
    this.clock = clock;
  }

  Runnable changed() {
    return changed::release;
  }

  /// `before` are the rows of what is already done; `others` the plain objects that are waited for
  /// too.
  End await(List<Row> before, List<Rollout> rollouts, List<Plain> others)
      throws InterruptedException {
    while (true) {
      List<Row> rows = new ArrayList<>(before);
      others.forEach(other -> rows.add(other.row()));
      rollouts.forEach(rollout -> rows.addAll(named(rollout, rollouts.size() > 1)));
      Optional<End> end = end(rollouts, others);
      Tree tree = new Tree(title, elapsed(), Optional.of(limit), rows);
      if (end.isPresent()) {
        board.finish(tree);
        return end.get();
      }
      board.show(tree);
      if (changed.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        changed.drainPermits();
      }
    }
  }

  Duration elapsed() {
    return Duration.between(begun, clock.instant());
  }

  private static List<Row> named(Rollout rollout, boolean several) {
    if (!several) {
      return rollout.rows();
    }
    return rollout.rows().stream()
        .map(
            row ->
                new Row(
                    row.state(),
                    rollout.key().name() + ": " + row.what(),
                    row.detail(),
                    row.below()))
        .toList();
  }

  private Optional<End> end(List<Rollout> rollouts, List<Plain> others) {
    boolean allDone = true;
    for (Plain other : others) {
      Outcome outcome = other.outcome();
      allDone &= outcome instanceof Outcome.Done;
      if (lasts(other.label(), outcome)) {
        return Optional.of(failed(Optional.empty(), outcome));
      }
    }
    for (Rollout rollout : rollouts) {
      Outcome outcome = rollout.outcome();
      allDone &= outcome instanceof Outcome.Done;
      if (lasts(rollout.key().toString(), outcome)) {
        return Optional.of(failed(Optional.of(rollout), outcome));
      }
    }
    if (allDone) {
      return Optional.of(new End(Exit.OK, Optional.empty(), Optional.empty()));
    }
    return elapsed().compareTo(limit) < 0
        ? Optional.empty()
        : Optional.of(
            new End(
                Exit.TIMEOUT,
                rollouts.stream().filter(r -> !(r.outcome() instanceof Outcome.Done)).findFirst(),
                Optional.empty()));
  }

  private static End failed(Optional<Rollout> rollout, Outcome outcome) {
    return new End(
        Exit.ROLLOUT_FAILED,
        rollout,
        outcome instanceof Outcome.Failed failed ? Optional.of(failed) : Optional.empty());
  }

  private boolean lasts(String who, Outcome outcome) {
    if (!(outcome instanceof Outcome.Failed failed)) {
      failingSince.remove(who);
      return false;
    }
    Instant now = clock.instant();
    String what = failed.about() + " " + failed.reason().split(":", 2)[0];
    Failing before = failingSince.get(who);
    Failing failing =
        before != null && before.what().equals(what) ? before : new Failing(what, now);
    failingSince.put(who, failing);
    return Duration.between(failing.since(), now).compareTo(failed.patience()) >= 0;
  }

  static String over(Duration limit) {
    return "not ready after " + Spans.format(limit);
  }
}
