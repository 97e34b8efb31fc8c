package dev.berth.dashboard.images;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.api.Json;
import dev.berth.dashboard.port.ImageCatalog.Manifest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ManifestsTest {
  private static final int THIRD = Manifests.MOST_BYTES / 3;

  private final Manifests known = new Manifests();

  private void add(String digest, int bytes) {
    known.add(new Manifest(digest, Json.object(), bytes));
  }

  private List<String> kept(String... digests) {
    return Stream.of(digests).filter(digest -> known.get(digest).isPresent()).toList();
  }

  @Test
  void whatWasUsedLastStays() {
    add("a", THIRD);
    add("b", THIRD);
    add("c", THIRD);
    known.get("a");
    add("d", THIRD);
    assertEquals(List.of("a", "c", "d"), kept("a", "b", "c", "d"));
  }

  @Test
  void theSameManifestCountsOnce() {
    for (int i = 0; i < 10; i++) {
      add("a", THIRD);
    }
    add("b", THIRD);
    assertEquals(List.of("a", "b"), kept("a", "b"));
  }

  @Test
  void oneThatIsLargerThanAllIsNotKept() {
    add("a", Manifests.MOST_BYTES + 1);
    add("b", 1);
    assertEquals(List.of("b"), kept("a", "b"));
  }
}
