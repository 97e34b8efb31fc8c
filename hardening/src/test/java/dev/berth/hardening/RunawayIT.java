package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Json;
import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// Containers that take all they can get, on a disk of 400 MB of their own: each is held by its
/// limit, and after each the neighbour answers and the node is Ready.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RunawayIT {
  private static final String SMALL = "resources: {limits: {memory: 96Mi}}";
  private static final String ROOMY = "resources: {limits: {memory: 512Mi}}";

  private Lab lab;
  private String neighbour = "";

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    lab = Lab.startOnDisk("runaway", 400);
    Path rogue = lab.compile("rogue");
    lab.build(
        "rogue",
        "FROM scratch\nCOPY rogue /rogue\nCOPY box /box\nENTRYPOINT [\"/rogue\"]\n",
        rogue);
    lab.pod("neighbour", "rogue:1", "Always", Lab.words("command", "/box", "app"));
    lab.awaitLog("neighbour", "listening on 3000");
    TestHost.waitUntil("the neighbour has an address", () -> address().isPresent());
    neighbour = address().orElseThrow();
  }

  private Optional<String> address() {
    try {
      return Json.optional(lab.pod("neighbour"), "status", "podIP");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @AfterAll
  void stopBerth() throws IOException, InterruptedException {
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void theNeighbourAnswersAndTheNodeIsReady() throws IOException, InterruptedException {
    TestHost.Ran page = lab.host().fetch(neighbour, 3000, "x", "/");
    assertTrue(page.out().contains("<h1>box</h1>"), page::toString);
    assertEquals(0, lab.pod("neighbour").at("/status/containerStatuses/0/restartCount").asInt(-1));
    String node = lab.host().berth("get", "nodes", "-o", "json").ok().out();
    boolean ready =
        Json.parse(node.getBytes(StandardCharsets.ISO_8859_1))
            .at("/items/0/status/conditions")
            .valueStream()
            .anyMatch(
                c -> Json.text(c, "type").equals("Ready") && Json.text(c, "status").equals("True"));
    assertTrue(ready, node);
  }

  private void rogue(String name, String... words) throws IOException, InterruptedException {
    lab.pod(name, "rogue:1", "Never", Lab.words("args", words), SMALL);
  }

  private void end(String pod) throws IOException, InterruptedException {
    lab.host().berth("delete", "pod", pod).ok();
  }

  private String reason(String pod) {
    try {
      return lab.pod(pod).at("/status/containerStatuses/0/state/terminated/reason").asString("");
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

  @Test
  @Order(1)
  void aForkBombStopsAtItsLimit() throws IOException, InterruptedException {
    lab.pod("forks", "rogue:1", "Never", Lab.words("args", "forks"), ROOMY);
    lab.awaitLog("forks", "Resource temporarily unavailable");
    TestHost.waitUntil("it is named", () -> diagnosed("forks", "TooManyProcesses"));
    end("forks");
  }

  @Test
  @Order(2)
  void aMemoryBombEndsOnlyItself() throws IOException, InterruptedException {
    rogue("memory", "memory");
    TestHost.waitUntil("out of memory", () -> reason("memory").equals("OOMKilled"));
    TestHost.waitUntil("the cause is named", () -> diagnosed("memory", "OutOfMemory"));
    end("memory");
  }

  @Test
  @Order(3)
  void aFullMemoryFileSystemIsItsOwn() throws IOException, InterruptedException {
    rogue("shm", "fill", "/dev/shm/x");
    lab.awaitLog("shm", "No space left on device after 64 MB");
    end("shm");
  }

  @Test
  @Order(4)
  void descriptorsRunOutForItAlone() throws IOException, InterruptedException {
    rogue("files", "descriptors");
    lab.awaitLog("files", "Too many open files");
    end("files");
  }

  @Test
  @Order(5)
  void aLineOfSixteenMegabytesGoesThrough() throws IOException, InterruptedException {
    rogue("longline", "longline", "16");
    lab.awaitLog("longline", "after the long line");
    assertTrue(
        lab.host().berth("logs", "pod/longline", "--tail", "1").ok().out().contains("after"));
    end("longline");
  }

  @Test
  @Order(6)
  void noiseReachesNoTerminal() throws IOException, InterruptedException {
    rogue("binary", "binary");
    lab.awaitLog("binary", "after the noise");
    TestHost.Ran logs = lab.host().berth("logs", "pod/binary").ok();
    assertFalse(logs.out().contains("\u001b"), "an escape sequence reached the terminal");
    end("binary");
  }

  @Test
  @Order(7)
  void aFloodOfLogsIsRotated() throws IOException, InterruptedException {
    rogue("flood", "flood", "24");
    lab.awaitLog("flood", "after the flood");
    TestHost.waitUntil("the log is rotated", () -> rotated("flood"));
    end("flood");
  }

  private boolean rotated(String pod) {
    Path log = lab.logFile(pod).orElseThrow();
    try (Stream<Path> files = Files.list(log.resolveSibling("."))) {
      return files.count() > 1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Order(8)
  void whoeverIgnoresSigtermIsGoneWithItsOrphans() throws IOException, InterruptedException {
    rogue("stubborn", "stubborn");
    lab.awaitLog("stubborn", "ignores SIGTERM");
    end("stubborn");
    TestHost.waitUntil("nothing of it is left", () -> processes("stubborn") == 0);
  }

  private static long processes(String word) {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(p -> p.getFileName().toString().matches("[0-9]+"))
          .filter(p -> Lab.text(p.resolve("cmdline")).equals("/rogue\0" + word + "\0"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The disk of the store, the images and the logs runs full; with space back, all goes on.
  @Test
  @Order(9)
  void aFullDiskCorruptsNothingAndPasses() throws IOException, InterruptedException {
    Path ballast = lab.host().dir().resolve("ballast");
    Files.write(ballast, new byte[16 << 20]);
    rogue("disk", "fill", "/x");
    lab.awaitLog("disk", "write:");
    assertTrue(free() < 4 << 20, "full: " + free());
    lab.host().berth("get", "pods").ok();
    TestHost.Ran build = lab.host().berth("build", "rogue", "-t", "second:1", "--timeout", "20s");
    assertTrue(build.code() != 0, build::toString);
    TestHost.Ran page = lab.host().fetch(neighbour, 3000, "x", "/");
    assertTrue(page.out().contains("<h1>box</h1>"), page::toString);

    Files.delete(ballast);
    TestHost.waitUntil("the pod can be deleted", () -> deleted("disk"));
    TestHost.waitUntil("its space is back", () -> free() > 64 << 20);
    TestHost.waitUntil("images can be built", () -> built("second"));
    lab.pod("after", "second:1", "Never", Lab.words("args", "count", "3", "1", "0"));
    lab.awaitLog("after", "line 2");
  }

  private long free() {
    return lab.host().dir().toFile().getUsableSpace();
  }

  private boolean deleted(String pod) {
    return succeeds("delete", "pod", pod, "--timeout", "20s");
  }

  private boolean built(String image) {
    return succeeds("build", "rogue", "-t", image + ":1", "--timeout", "20s");
  }

  private boolean succeeds(String... words) {
    try {
      return lab.host().berth(words).code() == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
