package dev.berth.agent.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.berth.agent.linux.Syscalls;
import dev.berth.api.script.Mount;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test has its own
class CacheMountsTest {
  @TempDir Path root;
  private CacheMounts mounts;

  @BeforeEach
  void make() {
    mounts = new CacheMounts(root, anybody());
  }

  /// Owner and mode are root's to give, and not what is asked here.
  private static Syscalls anybody() {
    return (Syscalls)
        Proxy.newProxyInstance(
            Syscalls.class.getClassLoader(), new Class<?>[] {Syscalls.class}, (_, _, _) -> null);
  }

  private static Mount.Cache cache(Mount.Sharing sharing) {
    return new Mount.Cache("/cache", "pip", sharing, false, Optional.empty(), "/", 0755, 0, 0);
  }

  private CacheMounts.Lease shared(CacheMounts.Seed seed) throws Exception {
    return mounts.take("shop", cache(Mount.Sharing.SHARED), "pip", seed);
  }

  private List<String> names() throws Exception {
    try (Stream<Path> dirs = Files.list(root)) {
      return dirs.map(d -> d.getFileName().toString()).sorted().toList();
    }
  }

  private Thread taking(CacheMounts.Seed seed) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                shared(seed).close();
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /// The second one would replace the empty directory that the first one's step has mounted.
  @Test
  void twoWhoComeTogetherGetOneDirectory() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    AtomicInteger seeds = new AtomicInteger();
    Thread first =
        taking(
            _ -> {
              seeds.incrementAndGet();
              begun.countDown();
              CacheMountsTest.await(go);
            });
    begun.await();
    Thread second = taking(_ -> seeds.incrementAndGet());
    while (second.getState() != Thread.State.WAITING && second.isAlive()) {
      LockSupport.parkNanos(1_000_000);
    }
    go.countDown();
    first.join();
    second.join();
    assertEquals(1, seeds.get());
    assertEquals(1, names().size());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void whatABuilderThatWasKilledWasMakingGoesAndCachesStay() throws Exception {
    Path kept = shared(into -> Files.writeString(into.resolve("wheel"), "x")).dir();
    Files.createDirectories(root.resolve("new123/half"));
    Files.createDirectories(root.resolve("private456"));
    mounts.removeLeftovers();
    assertEquals(List.of(kept.getFileName().toString()), names());
    assertEquals("x", Files.readString(kept.resolve("wheel")));
  }

  @Test
  void whereNothingWasCachedNothingIsLeft() throws Exception {
    Files.delete(root);
    mounts.removeLeftovers();
    assertFalse(Files.exists(root));
  }
}
