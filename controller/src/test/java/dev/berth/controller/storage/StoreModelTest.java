package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random writes against a plain map: the same answers, the same history, now and after a
/// reopening.
class StoreModelTest {
  private static final int STEPS = 400;

  @TempDir Path directory;

  private record Seen(Change.Kind kind, String key, long revision) {}

  private final NavigableModel model = new NavigableModel();

  private static final class NavigableModel {
    final Map<String, Long> live = new TreeMap<>();
    final List<Seen> history = new ArrayList<>();
  }

  private static byte[] value(String key, long revision) {
    return ("{\"k\":\"" + key + "\",\"r\":" + revision + "}").getBytes(StandardCharsets.UTF_8);
  }

  private void step(Store store, Random random) {
    String key = "pods/ns" + random.nextInt(3) + "/p" + random.nextInt(8);
    long present = model.live.getOrDefault(key, Mutation.ABSENT);
    long expected = random.nextInt(5) == 0 ? present + 1 : present;
    boolean delete = random.nextInt(4) == 0;
    Mutation mutation =
        delete
            ? new Mutation.Delete(key, expected, r -> value(key, r))
            : new Mutation.Put(key, expected, r -> value(key, r));
    boolean accepted = expected == present && !(delete && present == Mutation.ABSENT);
    switch (store.commit(mutation)) {
      case Outcome.Committed(Change change) -> {
        assertTrue(accepted, "a stale write was accepted");
        model.history.add(new Seen(change.kind(), key, change.revision()));
        if (delete) {
          model.live.remove(key);
        } else {
          model.live.put(key, change.revision());
        }
      }
      case Outcome.Conflict(Versioned found) -> {
        assertTrue(!accepted, "a right write was refused");
        assertEquals(present, found == null ? Mutation.ABSENT : found.revision());
      }
    }
  }

  private void requireSame(Store store, String prefix) {
    Map<String, Long> found = new TreeMap<>();
    store.list(prefix).items().forEach(v -> found.put(v.key(), v.revision()));
    Map<String, Long> wanted = new TreeMap<>();
    model.live.forEach(
        (k, r) -> {
          if (k.startsWith(prefix)) {
            wanted.put(k, r);
          }
        });
    assertEquals(wanted, found);
  }

  @Test
  void randomWritesAgreeWithAMapAlsoAfterReopening() {
    for (long seed = 1; seed <= 5; seed++) {
      Random random = new Random(seed);
      Path home = directory.resolve("seed" + seed);
      model.live.clear();
      model.history.clear();
      for (int round = 0; round < 3; round++) {
        try (Store store = SqliteStore.open(home, directory.resolve("lib"), _ -> true)) {
          requireSame(store, "pods/");
          for (int i = 0; i < STEPS / 4; i++) {
            step(store, random);
          }
          requireSame(store, "pods/ns1/");
        } catch (AssertionError e) {
          throw new AssertionError("seed " + seed, e);
        }
      }
    }
  }

  @Test
  void aWatchSeesEveryChangeOnceInOrder() throws Exception {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      model.live.clear();
      model.history.clear();
      try (Store store = new InMemoryStore();
          Feed feed = store.watch("pods/", 0, () -> {})) {
        List<Seen> seen = new ArrayList<>();
        for (int i = 0; i < STEPS; i++) {
          step(store, random);
          if (random.nextInt(10) == 0) {
            feed.poll(1 + random.nextInt(5))
                .forEach(c -> seen.add(new Seen(c.kind(), c.key(), c.revision())));
          }
        }
        feed.poll(STEPS).forEach(c -> seen.add(new Seen(c.kind(), c.key(), c.revision())));
        assertEquals(model.history, seen, "seed " + seed);
      }
    }
  }

  @Test
  void aListAtAnOldRevisionIsWhatItWas() {
    Random random = new Random(7);
    try (Store store = new InMemoryStore()) {
      Map<Long, Map<String, Long>> past = new TreeMap<>();
      for (int i = 0; i < STEPS; i++) {
        step(store, random);
        past.put(store.revision(), new TreeMap<>(model.live));
      }
      past.forEach(
          (revision, wanted) -> {
            Map<String, Long> found = new TreeMap<>();
            store.list("pods/", revision).items().forEach(v -> found.put(v.key(), v.revision()));
            assertEquals(wanted, found, "at " + revision);
          });
    }
  }

  @Test
  void aReaderBehindTheHistoryIsToldSo() throws Exception {
    try (Store store = new InMemoryStore(8);
        Feed feed = store.watch("a", 0, () -> {})) {
      Optional<Versioned> none = store.get("a");
      assertTrue(none.isEmpty());
      long at = 0;
      for (int i = 0; i < 20; i++) {
        at = put(store, "a", at);
      }
      assertThrows(RevisionGoneException.class, () -> feed.poll(1));
      assertThrows(RevisionGoneException.class, () -> store.list("a", 3));
    }
  }

  @Test
  void revisionsNeverRunBackwardsAlthoughTheNewestWereNotPersisted() {
    long newest = 0;
    for (int round = 0; round < 3; round++) {
      try (Store store =
          SqliteStore.open(directory, directory.resolve("lib"), k -> !k.startsWith("lease"))) {
        assertTrue(store.revision() >= newest);
        assertTrue(store.get("lease").isEmpty());
        newest = put(store, "lease", 0);
        newest = put(store, "lease", newest);
      }
    }
  }

  private static long put(Store store, String key, long expected) {
    Outcome outcome = store.commit(new Mutation.Put(key, expected, r -> value(key, r)));
    return ((Outcome.Committed) outcome).change().revision();
  }
}
