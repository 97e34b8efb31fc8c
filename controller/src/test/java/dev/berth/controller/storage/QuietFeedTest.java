package dev.berth.controller.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who reads only when there is something does not lose its place among the changes of others.
class QuietFeedTest {
  private static final int HELD = 64;

  private final InMemoryStore store = new InMemoryStore(HELD);

  private void write(String key) {
    long at = store.get(key).map(Versioned::revision).orElse(Mutation.ABSENT);
    byte[] value = "{}".getBytes(StandardCharsets.UTF_8);
    store.commit(new Mutation.Put(key, at, _ -> value));
  }

  @Test
  void itIsSignalledBeforeItsPlaceIsLost() {
    try (Feed quiet = store.watch("quiet/", 0, () -> {})) {
      int polls = 0;
      for (int i = 0; i < 20 * HELD; i++) {
        write("busy/a");
        if (quiet.isSignalled()) {
          assertEquals(List.of(), quiet.poll(10));
          polls++;
        }
      }
      assertTrue(polls >= 20 && polls < 80, "polls: " + polls);
      assertFalse(quiet.isSignalled());
      assertEquals(store.revision(), quiet.reached());
      write("quiet/b");
      assertTrue(quiet.isSignalled());
      assertTrue(quiet.reached() < store.revision());
      assertEquals("quiet/b", quiet.poll(10).getFirst().key());
    }
  }
}
