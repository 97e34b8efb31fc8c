package dev.berth.hardening;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

/// What a container or a build leaves lying about for the agent to stumble over: links in place of
/// the sources of masks, processes that look like keepers, paths too long to be removed by name.
/// The file of the host that the links name stays what it is.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TrapsIT {
  private static final String SCRIPT = "FROM scratch\nCOPY probe /probe\nCOPY evil /evil\n";
  private static final String PEEK = "[\"/probe\", \"peek\"]\n";

  private Lab lab;
  private Path canary;
  private Fingerprint before;
  private Path probe;

  @BeforeAll
  void startBerth() throws IOException, InterruptedException {
    lab = Lab.start("traps");
    canary = Files.createDirectories(lab.host().dir().resolve("canary")).resolve("file");
    Files.writeString(canary, "secret of the host");
    probe = lab.compile("probe");
    Path rogue = lab.compile("rogue");
    lab.build("rogue", "FROM scratch\nCOPY rogue /rogue\nENTRYPOINT [\"/rogue\"]\n", rogue);
    lab.pod("neighbour", "rogue:1", "Always", Lab.words("args", "count", "1000000", "100", "0"));
    lab.awaitLog("neighbour", "line 1");
    before = Fingerprint.of(canary);
  }

  @AfterAll
  void stopBerth() throws IOException, InterruptedException {
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void theHostsFileIsWhatItWas() throws IOException {
    assertEquals(before, Fingerprint.of(canary));
  }

  /// A mask is made of /dev/null: a mount at /dev could bring another one along.
  @Test
  @Order(1)
  void aMountAtDevUnmasksNothing() throws IOException, InterruptedException {
    assertTrue(TestHost.run(List.of(probe.toString(), "peek")).out().contains("ESCAPED"));
    built("plain", "RUN " + PEEK).ok();
    for (String mount :
        List.of(
            "type=bind,source=evil,target=/dev",
            "type=tmpfs,target=/dev",
            "type=tmpfs,target=/proc")) {
      notEscaped(built("mount", "RUN --mount=" + mount + " " + PEEK));
    }
  }

  @Test
  @Order(2)
  void norDoesACacheInWhichALinkWasPlanted() throws IOException, InterruptedException {
    String cache = "RUN --mount=type=cache,id=dev,target=/dev ";
    String plant = cache + "[\"/probe\", \"plant\", \"" + canary + "\"]\n";
    notEscaped(built("cache", plant + cache + PEEK));
  }

  /// Refused or harmless.
  private static void notEscaped(TestHost.Ran build) {
    assertFalse(build.toString().contains("ESCAPED"), build::toString);
  }

  private TestHost.Ran built(String name, String lines) throws IOException, InterruptedException {
    lab.host().context(name, SCRIPT + lines);
    Path context = lab.host().dir().resolve(name);
    Files.copy(
        probe,
        context.resolve("probe"),
        java.nio.file.StandardCopyOption.COPY_ATTRIBUTES,
        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Path evil = Files.createDirectories(context.resolve("evil"));
    Files.deleteIfExists(evil.resolve("null"));
    Files.createSymbolicLink(evil.resolve("null"), canary);
    return lab.host().berth("build", name, "-t", name + ":1", "--timeout", "3m");
  }

  @Test
  @Order(3)
  void aPathTooLongToBeNamedIsRemoved() throws IOException, InterruptedException {
    lab.pod("burrow", "rogue:1", "Never", Lab.words("args", "burrow"));
    lab.awaitLog("burrow", "40 levels deep");
    lab.host().berth("delete", "pod", "burrow").ok();
    TestHost.waitUntil("only the neighbour's files are left", () -> entries("pods") == 1);
  }

  @Test
  @Order(4)
  void whoPosesAsAKeeperIsNotTakenForOne() throws IOException, InterruptedException {
    lab.pod("poser", "rogue:1", "Never", Lab.words("args", "pose", canary.toString()));
    lab.awaitLog("poser", "posing as");
    Set<String> running = lab.host().containers();
    lab.host().killBerth();
    lab.host().up().ok();
    assertEquals(running, lab.host().containers());
    lab.host().berth("delete", "pod", "poser").ok();
    TestHost.waitUntil("only the neighbour's files are left", () -> entries("pods") == 1);
  }

  @Test
  @Order(5)
  void norWhenBerthGoes() throws IOException, InterruptedException {
    lab.pod("last", "rogue:1", "Never", Lab.words("args", "pose", canary.toString()));
    lab.awaitLog("last", "posing as");
    lab.host().berth("down", "--yes").ok();
    assertEquals(Set.of(), lab.host().containers());
  }

  private long entries(String folder) {
    try (Stream<Path> entries = Files.list(lab.host().dataDir().resolve(folder))) {
      return entries.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
