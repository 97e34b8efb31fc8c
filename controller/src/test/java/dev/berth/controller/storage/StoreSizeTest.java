package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store takes as much of the disk as what is alive in it deserves, and opens quickly.
class StoreSizeTest {
  @TempDir Path directory;

  private Store open() {
    return SqliteStore.open(directory.resolve("store"), directory.resolve("lib"), _ -> true);
  }

  private static void put(Store store, String key, byte[] value) {
    long at = store.get(key).map(Versioned::revision).orElse(Mutation.ABSENT);
    store.commit(new Mutation.Put(key, at, _ -> value));
  }

  private long size() throws IOException {
    long size = 0;
    for (String name : new String[] {"berth.db", "berth.db-wal"}) {
      Path file = directory.resolve("store").resolve(name);
      size += Files.exists(file) ? Files.size(file) : 0;
    }
    return size;
  }

  /// Many writers at once, as in life: they share their fsyncs.
  private static void fill(Store store, int writers, int writes, int keys, int size) {
    byte[] value = new byte[size];
    List<Thread> threads =
        IntStream.range(0, writers)
            .mapToObj(
                w ->
                    Thread.ofVirtual()
                        .start(
                            () -> {
                              for (int i = 0; i < writes; i++) {
                                put(store, "k/" + w + "-" + i % keys, value);
                              }
                            }))
            .toList();
    threads.forEach(StoreSizeTest::join);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void afterManyChangesTheFileIsNoMoreThanTwiceWhatIsAlive() throws IOException {
    try (Store store = open()) {
      fill(store, 50, 105, 4, 4_000);
      put(store, "k/0-0", new byte[4_000]);
    }
    long live = 50 * 4 * 4_000;
    assertTrue(size() <= 2 * live, size() + " bytes for " + live + " that are alive");
  }

  @Test
  void tenThousandObjectsAreThereAtOnce() {
    try (Store store = open()) {
      fill(store, 50, 200, 200, 1_500);
    }
    long start = System.nanoTime();
    try (Store store = open()) {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      System.err.println("a store with 10,000 objects opens in " + took.toMillis() + " ms");
      assertEquals(10_000, store.list("k/").items().size());
    }
  }
}
