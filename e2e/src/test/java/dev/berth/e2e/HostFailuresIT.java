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
import java.util.Set;
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
  private static final Duration SOON = Duration.ofMinutes(3);

  /// A lease holds for 40 s.
  private static final Duration LOST = Duration.ofMinutes(4);

  private static final String MEMORY =
      "MemTotal:        8388608 kB\nMemFree:         4194304 kB\nMemAvailable:    %7d kB\n";
  private static final int PLENTY_KIB = 4 << 20;
  private static final int SCARCE_KIB = 100 << 10;

  private TestHost host;
  private Optional<Sightings> sightings = Optional.empty();
  private Path meminfo;
  private Path agentDir;
  private Optional<Process> controller = Optional.empty();
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
    TestHost.run(List.of("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())).ok();
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
    TestHost.waitUntil("the port is taken", () -> TestHost.contains(out, "listening"));

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
    startController();
    TestHost.waitUntil(
        "the controller serves", () -> Files.exists(host.dataDir().resolve("admin.kubeconfig")));
    sightings = Optional.of(Sightings.of(host));
    startAgent();
    Catalogue.startRegistry(host, Catalogue.REGISTRY);
    host.buildBox("box:1");
    apply("node-gone", Spec.working());
    sightings.orElseThrow().await("ModelApp", "node-gone", SOON, "Ready", Catalogue::isReady);
  }

  private void startController() throws IOException {
    List<String> words = new ArrayList<>(List.of("controller"));
    words.addAll(host.identity());
    controller =
        Optional.of(host.start(host.dir().resolve("controller.out"), words.toArray(String[]::new)));
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
  @Order(5)
  void anImageThatDoesNotFitIsPulledOnceThereIsRoom() throws IOException, InterruptedException {
    Path fill = fill(35);
    try {
      apply("no-space", Spec.of("image: 127.0.0.1:" + Catalogue.REGISTRY + "/large/digits:1"));
      sightings
          .orElseThrow()
          .await("ModelApp", "no-space", SOON, "NoSpace", app -> Catalogue.says(app, "NoSpace"));
      awaitNode("DiskPressure", "False"); // it may have been looked at while the part was there
      look(Failures.NO_SPACE);
    } finally {
      Files.delete(fill);
    }
    sightings.orElseThrow().await("ModelApp", "no-space", SOON, "Ready", Catalogue::isReady);
    host.berth("delete", "modelapp", "no-space").ok();
    awaitNode("DiskPressure", "False");
  }

  @Test
  @Order(6)
  void aFullDiskIsSaidInNumbers() throws IOException, InterruptedException {
    Path fill = fill(15);
    try {
      awaitNode("DiskPressure", "True");
      look(Failures.DISK_PRESSURE);
    } finally {
      Files.delete(fill);
    }
    awaitNode("DiskPressure", "False");
  }

  /// Takes all of the agent's disk but this much and a half, so that it is shown as this much.
  private Path fill(long freeMib) throws IOException, InterruptedException {
    Path fill = agentDir.resolve("fill");
    long taken = Files.getFileStore(agentDir).getUsableSpace() - (freeMib << 20) - (1 << 19);
    TestHost.run(List.of("fallocate", "-l", Long.toString(taken), fill.toString())).ok();
    return fill;
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

  @Test
  @Order(8)
  void containersOutliveTheirControllerAndItFindsThemAgain()
      throws IOException, InterruptedException {
    Set<String> before = host.containers();
    controller.orElseThrow().destroyForcibly().waitFor();
    look(Failures.CONTROLLER_DOWN);
    assertEquals(before, host.containers());

    startController();
    TestHost.waitUntil("all is well again", () -> host.isWell("node-gone"));
    assertEquals(before, host.containers());
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
}
