package dev.berth.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.api.Conditions;
import dev.berth.e2e.TestHost.Ran;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.node.ObjectNode;

/// What goes wrong with a host as a whole. Its agent keeps its data on a small file system of its
/// own, and reads in `/proc/meminfo` what the test writes there.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HostFailuresIT {
  private static final long DISK_BYTES = 256L << 20;
  private static final Duration SOON = Duration.ofSeconds(60);

  /// A lease holds for 40 s.
  private static final Duration LOST = Duration.ofSeconds(90);

  private static final String MEMORY =
      "MemTotal:        8388608 kB\nMemFree:         4194304 kB\nMemAvailable:    %7d kB\n";
  private static final int PLENTY_KIB = 4 << 20;
  private static final int SCARCE_KIB = 100 << 10;

  private TestHost host;
  private Optional<Sightings> sightings = Optional.empty();
  private Path meminfo;
  private Path agentDir;
  private Optional<Process> agent = Optional.empty();

  @BeforeAll
  void prepareHost() throws IOException, InterruptedException {
    host = TestHost.create("host");
    meminfo = host.write("meminfo", String.format(MEMORY, PLENTY_KIB));
    agentDir = Files.createDirectories(host.dir().resolve("agent"));
    Path image = host.dir().resolve("disk.img");
    try (RandomAccessFile disk = new RandomAccessFile(image.toFile(), "rw")) {
      disk.setLength(DISK_BYTES);
    }
    TestHost.run(List.of("mkfs.ext4", "-q", "-F", image.toString())).ok();
    TestHost.run(List.of("mount", "-o", "loop", image.toString(), agentDir.toString())).ok();
  }

  @AfterAll
  void closeHost() throws IOException, InterruptedException {
    if (host == null) {
      return;
    }
    killAgent();
    Ran down = host.berth(agentWords("down").toArray(String[]::new));
    Ran umount = TestHost.run(List.of("umount", agentDir.toString()));
    host.close();
    down.ok();
    umount.ok();
  }

  @Test
  @Order(1)
  void aTakenIngressPortIsSaidWithItsOwner() throws IOException, InterruptedException {
    Path out = host.dir().resolve("listen.out");
    Process thief = host.startBox(out, "listen", "8080");
    TestHost.waitUntil("the port is taken", () -> contains(out, "listening"));

    Ran up = host.up("--offline");
    thief.destroyForcibly().waitFor();
    assertEquals(1, up.code(), up::toString);
    matched(Failures.PORT_TAKEN, up);
  }

  @Test
  @Order(2)
  void aKernelWithoutOverlayIsSaidBeforeAnythingStarts() throws IOException, InterruptedException {
    Path poor = host.write("filesystems", "nodev\tproc\nnodev\ttmpfs\n\text4\n");

    List<String> words = new ArrayList<>(List.of("up", "--offline"));
    words.addAll(host.identity());
    Ran up = host.berthAs(TestHost.seeing(poor, "/proc/filesystems"), words.toArray(String[]::new));
    assertEquals(1, up.code(), up::toString);
    matched(Failures.KERNEL, up);
  }

  @Test
  @Order(3)
  void theHalvesRunApart() throws IOException, InterruptedException {
    List<String> words = new ArrayList<>(List.of("controller"));
    words.addAll(host.identity());
    host.start(host.dir().resolve("controller.out"), words.toArray(String[]::new));
    TestHost.waitUntil(
        "the controller serves",
        () ->
            contains(host.dir().resolve("controller.out"), "serving")
                || Files.exists(host.dataDir().resolve("admin.kubeconfig")));
    sightings = Optional.of(Sightings.of(host));
    startAgent();
    host.context("plain", "FROM scratch\nCOPY box /box\nENTRYPOINT [\"/box\"]\n");
    host.berth("build", "plain", "-t", "box:1").ok();
    apply("node-gone", Spec.working());
    sightings.orElseThrow().await("ModelApp", "node-gone", SOON, "Ready", Catalogue::isReady);
  }

  private void startAgent() throws IOException, InterruptedException {
    List<String> words = agentWords("agent");
    words.addAll(List.of("--kubeconfig", host.dataDir().resolve("agent.kubeconfig").toString()));
    words.addAll(host.identity());
    agent =
        Optional.of(
            host.startAs(
                TestHost.seeing(meminfo, "/proc/meminfo"),
                host.dir().resolve("agent.out"),
                words.toArray(String[]::new)));
    awaitNode("Ready", "True");
  }

  private void killAgent() throws InterruptedException {
    if (agent.isPresent()) {
      agent.get().destroyForcibly().waitFor();
    }
  }

  private List<String> agentWords(String verb) {
    return new ArrayList<>(List.of(verb, "--data-dir", agentDir.toString()));
  }

  private ObjectNode awaitNode(String type, String status) throws InterruptedException {
    return sightings
        .orElseThrow()
        .await(
            "Node",
            host.nodeName(),
            LOST,
            type + " " + status,
            node -> Conditions.find(node, type).filter(c -> c.status().equals(status)).isPresent());
  }

  @Test
  @Order(4)
  void shortnessOfMemoryIsSaidInNumbers() throws IOException, InterruptedException {
    memory(SCARCE_KIB);
    try {
      awaitNode("MemoryPressure", "True");
      look(Failures.MEMORY_PRESSURE);
    } finally {
      memory(PLENTY_KIB);
    }
    awaitNode("MemoryPressure", "False");
  }

  /// In one write, of the same length as before: whoever reads sees the old or the new.
  private void memory(int availableKib) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(meminfo.toFile(), "rw")) {
      file.write(String.format(MEMORY, availableKib).getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  @Order(7)
  void aNodeThatIsGoneIsNamedAndComesBack() throws IOException, InterruptedException {
    killAgent();
    sightings
        .orElseThrow()
        .await("ModelApp", "node-gone", LOST, "NodeLost", app -> Catalogue.says(app, "NodeLost"));
    look(Failures.NODE_GONE);

    startAgent();
    sightings.orElseThrow().await("ModelApp", "node-gone", SOON, "Ready", Catalogue::isReady);
  }

  private void apply(String name, Spec spec) throws IOException, InterruptedException {
    host.write(name + ".yaml", spec.manifest(name));
    host.berth("apply", "-f", name + ".yaml", "--no-wait").ok();
  }

  private void look(Failure failure) throws IOException, InterruptedException {
    Failure.Look.Berth look = (Failure.Look.Berth) failure.look();
    Ran ran = host.berth(look.words().toArray(String[]::new));
    assertNotEquals(0, ran.code(), ran::toString);
    matched(failure, ran);
  }

  private void matched(Failure failure, Ran ran) {
    Failure.Look.Berth look = (Failure.Look.Berth) failure.look();
    String seen =
        Transcript.of("berth " + String.join(" ", look.words()), ran, host)
            .matched(failure.name())
            .text();
    failure.names().forEach(word -> assertTrue(seen.contains(word), () -> word + " in\n" + seen));
  }

  private static boolean contains(Path file, String text) {
    try {
      return Files.readString(file).contains(text);
    } catch (IOException e) {
      return false;
    }
  }
}
