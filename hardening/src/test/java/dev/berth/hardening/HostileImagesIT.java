package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Bad images by the thousand, each from its own seed: nothing outside of the layer's directory, a
/// heap of 96 MB, and an error that a person can read.
class HostileImagesIT {
  private static final long SEED = 20261122;

  @BeforeAll
  static void needsRoot() throws IOException {
    Object uid = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    if (!Integer.valueOf(0).equals(uid)) {
      System.err.println("SKIPPED: unpacking hostile images needs root");
    }
    Assumptions.assumeTrue(Integer.valueOf(0).equals(uid), "needs root");
  }

  @Test
  void twoThousandAreRefusedOrHarmless() throws IOException, InterruptedException {
    attack(SEED, 1800, 300);
  }

  /// `mvn verify -Plong -pl hardening -am -Dtest=HostileImagesIT -Dhostile.seed=N`
  @Test
  @Tag("long")
  void tensOfThousandsAreRefusedOrHarmless() throws IOException, InterruptedException {
    attack(Long.getLong("hostile.seed", 1), Integer.getInteger("hostile.layers", 20_000), 2000);
  }

  private void attack(long seed, int layers, int manifests)
      throws IOException, InterruptedException {
    Path memory = Path.of("/dev/shm");
    Path room = Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    String name = TestHost.PREFIX + "hostile-" + ProcessHandle.current().pid();
    Path dir = Files.createDirectory(room.resolve(name));
    try {
      check(seed, run(dir, seed, layers, manifests));
    } finally {
      TestHost.run(List.of("rm", "-rf", dir.toString())).ok();
    }
  }

  private static TestHost.Ran run(Path dir, long seed, int layers, int manifests)
      throws IOException, InterruptedException {
    return TestHost.run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx96m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            HostileRun.class.getName(),
            dir.toString(),
            Long.toString(seed),
            Integer.toString(layers),
            Integer.toString(manifests)));
  }

  private static void check(long seed, TestHost.Ran ran) {
    assertEquals(
        List.of(), ran.out().lines().filter(line -> line.startsWith("FAIL")).toList(), ran::err);
    assertTrue(ran.out().endsWith("DONE\n"), ran::toString);
    long unclear = ran.out().lines().filter(line -> line.startsWith("UNCLEAR")).count();
    String counts =
        ran.out().lines().filter(l -> l.startsWith("COUNT")).collect(Collectors.joining(", "));
    System.err.println("hostile images, seed " + seed + ": " + counts + ", unclear " + unclear);
  }
}
