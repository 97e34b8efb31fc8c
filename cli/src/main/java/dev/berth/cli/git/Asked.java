package dev.berth.cli.git;

import dev.berth.api.FieldSelector;
import dev.berth.api.Json;
import dev.berth.api.Kinds;
import dev.berth.api.LabelSelector;
import dev.berth.api.ObjectKey;
import dev.berth.cli.progress.Board;
import dev.berth.cli.progress.Tree;
import dev.berth.cli.term.Failure;
import dev.berth.client.ApiClient;
import dev.berth.client.Informer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Waits until a repository has done what was asked of it, with the progress tree.
final class Asked {
  /// So that the time that is shown moves.
  private static final long TICK_MILLIS = 500;

  private final Board board;
  private final String title;
  private final Duration limit;
  private final InstantSource clock;

  Asked(Board board, String title, Duration limit, InstantSource clock) {
    this.board = board;
    this.title = title;
    this.limit = limit;
    this.clock = clock;
  }

  /// How it stands at the end, with the repository as it is then; [Standing.Going] when the time is
  /// over.
  record End(Standing standing, JsonNode repository) {}

  /// @param seen whether a status is about what was asked for
  End await(ApiClient client, ObjectKey key, Predicate<JsonNode> seen) throws InterruptedException {
    Semaphore changed = new Semaphore(0);
    FieldSelector byName = FieldSelector.parse("metadata.name=" + key.name());
    try (Informer informer =
        Informer.of(
            client,
            Kinds.GIT_REPOSITORY,
            key.namespace(),
            LabelSelector.EVERYTHING,
            byName,
            waking(changed))) {
      return await(informer, key, seen, changed);
    }
  }

  private End await(Informer informer, ObjectKey key, Predicate<JsonNode> seen, Semaphore changed)
      throws InterruptedException {
    Instant begun = clock.instant();
    JsonNode last = Json.object();
    while (true) {
      boolean listed = informer.hasSynced();
      Optional<ObjectNode> now = informer.get(key);
      if (now.isEmpty() && listed) {
        throw Failure.of("the GitRepository " + key.name() + " is gone");
      }
      last = now.<JsonNode>map(object -> object).orElse(last);
      Duration elapsed = Duration.between(begun, clock.instant());
      Standing standing = Standing.of(last, seen.test(last));
      Tree tree =
          new Tree(title, elapsed, Optional.of(limit), Standing.rows(last, seen.test(last)));
      if (!(standing instanceof Standing.Going) || elapsed.compareTo(limit) >= 0) {
        board.finish(tree);
        return new End(standing, last);
      }
      board.show(tree);
      if (changed.tryAcquire(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
        changed.drainPermits();
      }
    }
  }

  private static Informer.Handler waking(Semaphore changed) {
    return new Informer.Handler() {
      @Override
      public void added(ObjectNode object) {
        changed.release();
      }

      @Override
      public void updated(ObjectNode old, ObjectNode object) {
        changed.release();
      }

      @Override
      public void deleted(ObjectNode last) {
        changed.release();
      }
    };
  }
}
