package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Digest;
import dev.berth.api.Json;
import dev.berth.e2e.StandInRegistry;
import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// A disk that is full at each step on the way of an image: sent, pulled, unpacked, built, packed,
/// run, and while it writes its log. Controller and agent have a small file system each, so that
/// the one can say what the other lacks. Each step fails with a name, and goes on by itself when
/// there is room; nothing half-made is used.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FullDiskIT {
  private static final int REGISTRY = 5000;
  private static final String LARGE = "127.0.0.1:" + REGISTRY + "/large/digits:1";
  private static final int LARGE_BYTES = 40 << 20;
  private static final int CONTENT = 4 << 20;
  private static final Pattern NUMBERED = Pattern.compile("\\S+ stdout F line ([0-9]+)");
  private static final Pattern LOST =
      Pattern.compile("\\S+ stdout F \\[([0-9]+) lines? lost: no space left]");

  private Lab lab;

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    lab = Lab.startApart("full", 200, 160);
    Process registry =
        lab.host()
            .startJava(
                StandInRegistry.class, Integer.toString(REGISTRY), lab.host().box().toString());
    assertEquals("serving", registry.inputReader().readLine());
    Path rogue = lab.compile("rogue");
    lab.build("rogue", "FROM scratch\nCOPY rogue /rogue\nENTRYPOINT [\"/rogue\"]\n", rogue);
  }

  @AfterAll
  void stopBerth() throws IOException, InterruptedException {
    if (lab != null) {
      lab.close();
    }
  }

  /// Sent: the context reaches a registry that has no room for it.
  @Test
  @Order(1)
  void aContextThatDoesNotFitIsRefusedByName() throws IOException, InterruptedException {
    context("sent", 1);
    TestHost.Ran build;
    try {
      lab.disk().leave(1 << 20);
      build = build("sent");
    } finally {
      lab.disk().relieve();
    }
    assertNotEquals(0, build.code(), build::toString);
    System.err.println("a context that does not fit: " + build);
    assertNamesNoClass(build);

    build("sent").ok();
    assertEquals(List.of(), files(lab.host().dataDir().resolve("uploads")));
  }

  /// Pulled and unpacked, which is one stream: the room ends at the first directory, on the way and
  /// just before the end.
  @Test
  @Order(2)
  void anImageThatDoesNotFitIsNeverUsedAndComesWhenThereIsRoom()
      throws IOException, InterruptedException {
    List<Long> rooms = List.of(0L, 5L << 20, 38L << 20);
    try {
      for (long room : rooms) {
        lab.agentDisk().leave(room);
        bound("pull-" + room, LARGE, Lab.words("args", "hang"));
        TestHost.waitUntil("no space with " + room, () -> diagnosed("pull-" + room, "NoSpace"));
        TestHost.waitUntil("nothing half-unpacked stays with " + room, this::isNothingHalfUnpacked);
      }
    } finally {
      lab.agentDisk().relieve();
    }
    for (long room : rooms) {
      TestHost.waitUntil("pull-" + room + " runs", () -> phase("pull-" + room).equals("Running"));
      lab.host().berth("delete", "pod", "pull-" + room, "--no-wait").ok();
    }
    assertLargeIsWhole();
  }

  /// A pod of an earlier room tries again meanwhile, so there may be something for a moment.
  private boolean isNothingHalfUnpacked() {
    try {
      return files(lab.agentDir().resolve("snapshots/.new")).isEmpty();
    } catch (IOException | UncheckedIOException e) {
      return false; // it went while it was looked at
    }
  }

  private void assertLargeIsWhole() throws IOException {
    byte[] sent = new byte[LARGE_BYTES];
    new Random(1).nextBytes(sent);
    List<Path> weights =
        files(lab.agentDir().resolve("snapshots")).stream()
            .filter(file -> file.endsWith("weights"))
            .toList();
    assertEquals(1, weights.size(), weights::toString);
    assertArrayEquals(sent, Files.readAllBytes(weights.getFirst()));
  }

  /// Built: what is unpacked, copied and packed takes several times its own size, so that each
  /// amount of room ends it at another step.
  @Test
  @Order(3)
  void aBuildThatDidNotFitGoesThroughWhenThereIsRoom() throws IOException, InterruptedException {
    Map<String, Long> sums = new LinkedHashMap<>();
    try {
      for (int megabytes : List.of(0, 2, 6)) {
        String name = "built-" + megabytes;
        sums.put(name, context(name, megabytes));
        lab.agentDisk().leave((long) megabytes << 20);
        TestHost.Ran build = build(name);
        assertNotEquals(0, build.code(), build::toString);
        assertTrue(build.err().contains("no space is left: the disk of"), build::toString);
        assertNamesNoClass(build);
      }
    } finally {
      lab.agentDisk().relieve();
    }
    for (Map.Entry<String, Long> sum : sums.entrySet()) {
      String name = sum.getKey();
      build(name).ok();
      bound(name, name + ":1", Lab.words("args", "sum", "/content"));
      lab.awaitLog(name, "sum ");
      assertTrue(
          lab.log(name).contains("sum " + Long.toHexString(sum.getValue())), () -> lab.log(name));
      lab.host().berth("delete", "pod", name, "--no-wait").ok();
    }
  }

  /// Run: the image is here, and there is no room for what a container needs of its own.
  @Test
  @Order(4)
  void aContainerThatFindsNoRoomIsNamedAndStartsByItself()
      throws IOException, InterruptedException {
    try {
      lab.agentDisk().leave(0);
      bound("run", "rogue:1", Lab.words("args", "count", "3", "1", "7"));
      TestHost.waitUntil("no space to run", () -> diagnosed("run", "NoSpace"));
    } finally {
      lab.agentDisk().relieve();
    }
    TestHost.waitUntil("it ran", () -> phase("run").equals("Failed"));
    assertEquals(
        7, lab.pod("run").at("/status/containerStatuses/0/state/terminated/exitCode").asInt());
    assertEquals(3, numbers(lab.log("run")).size(), lab.log("run"));
  }

  /// Logs: a container goes on when its lines find no room, and ends with its exit code; where
  /// lines are missing the log says how many.
  @Test
  @Order(5)
  void aLogSaysWhereLinesAreMissing() throws IOException, InterruptedException {
    lab.pod("logs", "rogue:1", "Never", Lab.words("args", "count", "1000000", "5", "0"));
    lab.pod("ends", "rogue:1", "Never", Lab.words("args", "count", "600", "5", "9"));
    lab.awaitLog("logs", "line 50\n");
    lab.awaitLog("ends", "line 50\n");
    try {
      lab.agentDisk().leave(0);
      TestHost.waitUntil("it has ended", () -> phase("ends").equals("Failed"));
    } finally {
      lab.agentDisk().relieve();
    }
    String full = lab.log("logs");
    TestHost.waitUntil("the log goes on", () -> lab.log("logs").length() > full.length() + 4096);
    assertEveryLineIsThereOrCounted(lab.log("logs"));
    assertEquals(
        9, lab.pod("ends").at("/status/containerStatuses/0/state/terminated/exitCode").asInt());
    assertEquals(0, lab.pod("logs").at("/status/containerStatuses/0/restartCount").asInt(-1));
    lab.host().berth("delete", "pod", "logs", "ends", "--no-wait").ok();
  }

  private static void assertEveryLineIsThereOrCounted(String log) {
    long next = 0;
    for (String line : log.lines().toList()) {
      Matcher numbered = NUMBERED.matcher(line);
      Matcher lost = LOST.matcher(line);
      if (numbered.matches()) {
        assertEquals(next, Long.parseLong(numbered.group(1)), line);
        next++;
      } else {
        assertTrue(lost.matches(), "a torn line: " + line);
        next += Long.parseLong(lost.group(1));
      }
    }
  }

  /// After all of it: what is stored is what its name says, and nothing half-made is left.
  @Test
  @Order(6)
  void everyBlobIsWhatItsNameSays() throws IOException {
    List<Path> blobs =
        files(lab.host().dataDir()).stream()
            .filter(file -> file.getFileName().toString().matches("[0-9a-f]{64}"))
            .toList();
    assertTrue(blobs.size() > 10, blobs::toString);
    for (Path blob : blobs) {
      String found = Digest.sha256(Files.readAllBytes(blob)).hex();
      assertEquals(blob.getFileName().toString(), found, blob.toString());
    }
    assertEquals(List.of(), files(lab.agentDir().resolve("snapshots/.new")));
  }

  // ---- helpers

  /// A pod that is on its node already: the scheduler gives none to a node whose disk is full.
  private void bound(String name, String image, String args)
      throws IOException, InterruptedException {
    lab.host()
        .write(
            name + ".yaml",
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              nodeName: %s
              restartPolicy: Never
              terminationGracePeriodSeconds: 1
              containers: [{name: main, image: "%s", %s}]
            """
                .formatted(name, lab.host().nodeName(), image, args));
    lab.host().berth("apply", "-f", name + ".yaml", "--no-wait").ok();
  }

  private static void assertNamesNoClass(TestHost.Ran ran) {
    assertFalse(ran.err().matches("(?s).*(Exception|java[.]).*"), ran::toString);
  }

  private TestHost.Ran build(String name) throws IOException, InterruptedException {
    return lab.host().berth("build", name, "-t", name + ":1", "--timeout", "3m");
  }

  private long context(String name, int seed) throws IOException {
    byte[] content = new byte[CONTENT];
    new Random(seed).nextBytes(content);
    Path dir = Files.createDirectories(lab.host().dir().resolve(name));
    Files.write(dir.resolve("content"), content);
    Files.writeString(
        dir.resolve("Dockerfile"),
        "FROM rogue:1\nCOPY content /content\nRUN [\"/rogue\", \"ok\"]\n");
    CRC32 sum = new CRC32();
    sum.update(content);
    return sum.getValue();
  }

  private static List<Path> files(Path below) throws IOException {
    if (!Files.exists(below)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(below)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static List<Long> numbers(String log) {
    return log.lines()
        .map(NUMBERED::matcher)
        .filter(Matcher::matches)
        .map(line -> Long.valueOf(line.group(1)))
        .toList();
  }

  private String phase(String pod) {
    try {
      return Json.text(lab.pod(pod), "status", "phase");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private boolean diagnosed(String pod, String reason) {
    try {
      return lab.diagnosis(pod).filter(reason::equals).isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
