package dev.berth.cli.apply;

import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.cli.progress.Board;
import dev.berth.cli.progress.Row;
import dev.berth.cli.progress.Row.State;
import dev.berth.cli.progress.Tree;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Spans;
import dev.berth.client.ApiClient;
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
import tools.jackson.databind.JsonNode;

/// Watches rollouts until all are done, one has failed for good, or the time is over. A failure
/// counts when it has lasted a little: a reconciler may be one event behind, a pull may be
/// repeated.
final class Waiting {
  private static final Duration GRACE = Duration.ofSeconds(6);
  private static final long TICK_MILLIS = 250;

  /// How it ended, and with which failure.
  record End(Exit exit, Optional<Rollout> rollout, Optional<Outcome.Failed> failure) {}

  private final String title;
  private final Board board;
  private final Instant begun;
  private final Duration limit;
  private final InstantSource clock;
  private final Semaphore changed = new Semaphore(0);
  private final Map<String, Instant> failingSince = new LinkedHashMap<>();

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
    boolean allDone = others.stream().allMatch(Plain::isDone);
    for (Rollout rollout : rollouts) {
      Outcome outcome = rollout.outcome();
      allDone &= outcome instanceof Outcome.Done;
      if (outcome instanceof Outcome.Failed failed && lasts(rollout.key().toString(), failed)) {
        return Optional.of(new End(Exit.ROLLOUT_FAILED, Optional.of(rollout), Optional.of(failed)));
      }
      if (!(outcome instanceof Outcome.Failed)) {
        failingSince.remove(rollout.key().toString());
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

  /// A failed build stays failed; anything else must last.
  private boolean lasts(String who, Outcome.Failed failed) {
    Instant since = failingSince.computeIfAbsent(who, _ -> clock.instant());
    return failed.about().startsWith("imagebuild/")
        || Duration.between(since, clock.instant()).compareTo(GRACE) >= 0;
  }

  /// A Deployment, ReplicaSet or Pod that was applied by itself.
  static final class Plain {
    private final ApiClient client;
    private final ResourceType type;
    private final ObjectKey key;
    private final String change;
    private JsonNode last = Json.object();

    Plain(ApiClient client, ResourceType type, ObjectKey key, String change) {
      this.client = client;
      this.type = type;
      this.key = key;
      this.change = change;
    }

    static boolean isWaitedFor(ResourceType type) {
      return List.of(Kinds.DEPLOYMENT, Kinds.REPLICA_SET, Kinds.POD).contains(type);
    }

    boolean isDone() {
      last = client.find(type, key).<JsonNode>map(object -> object).orElse(last);
      if (type.equals(Kinds.POD)) {
        return PodState.of(last).state() == State.DONE
            || Json.text(last, "status", "phase").equals("Succeeded");
      }
      return Json.at(last, "status", "observedGeneration").asLong(0) >= Json.generation(last)
          && ready() >= wanted();
    }

    Row row() {
      String what = type.kind() + "/" + key.name();
      if (type.equals(Kinds.POD)) {
        PodState state = PodState.of(last);
        return Row.of(state.state(), what, change + "   " + state.text());
      }
      return Row.of(
          ready() >= wanted() ? State.DONE : State.RUNNING,
          what,
          change + "   " + ready() + "/" + wanted() + " ready");
    }

    private int ready() {
      return Json.at(last, "status", "readyReplicas").asInt(0);
    }

    private int wanted() {
      return Json.at(last, "spec", "replicas").asInt(1);
    }
  }

  /// What `--timeout` says.
  static Duration limit(String timeout) {
    return Spans.parse(timeout)
        .orElseThrow(
            () -> Failure.of("--timeout " + timeout + " is not a time", "for example 90s, 5m, 1h"));
  }

  static String over(Duration limit) {
    return "not ready after " + Spans.format(limit);
  }
}
