package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.Preflight.Finding;
import dev.berth.cli.host.Neighbours.Neighbour;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostChecksTest {
  private static final Path DIR = Path.of("/var/lib/berth");
  private static final long GIB = 1L << 30;

  private static String level(Finding finding) {
    return finding.ok() ? "PASS" : finding.fatal() ? "FAIL" : "WARN";
  }

  @Test
  void aDiskThatIsFullFailsAndOneThatSoonIsWarns() {
    assertEquals("PASS", level(HostChecks.disk(DIR, "ext4", 20 * GIB, 100 * GIB)));
    assertEquals("WARN", level(HostChecks.disk(DIR, "ext4", 3 * GIB, 100 * GIB)));
    Finding full = HostChecks.disk(DIR, "ext4", GIB / 2, 100 * GIB);
    assertEquals("FAIL", level(full));
    assertTrue(full.fix().contains("berth images"), full.fix());
    assertEquals("WARN", level(HostChecks.disk(DIR, "overlay", 20 * GIB, 100 * GIB)));
  }

  @Test
  void aClockIsComparedWithTheServers() {
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    assertEquals("PASS", level(HostChecks.clock("Thu, 1 Jan 2026 00:00:02 GMT", now)));
    assertEquals("WARN", level(HostChecks.clock("Thu, 1 Jan 2026 00:00:20 GMT", now)));
    assertEquals("FAIL", level(HostChecks.clock("Wed, 31 Dec 2025 23:00:00 GMT", now)));
    assertEquals("WARN", level(HostChecks.clock("yesterday", now)));
  }

  @Test
  void fewOpenFilesWarn() {
    String line = "Max open files            %s                 1048576              files\n";
    assertEquals("WARN", level(HostChecks.openFiles(line.formatted("1024"))));
    assertEquals("PASS", level(HostChecks.openFiles(line.formatted("65536"))));
    assertEquals("PASS", level(HostChecks.openFiles(line.formatted("unlimited"))));
  }

  @Test
  void littleMemoryWarns() {
    assertEquals("WARN", level(HostChecks.memory(100L << 20)));
    assertEquals("PASS", level(HostChecks.memory(GIB)));
  }

  private static List<Finding> running(Path dir, String half) {
    return HostChecks.berth(dir, Optional.of(new Neighbour(7, half, dir, false)), Instant.EPOCH);
  }

  @Test
  void anAgentAloneHasItsApiElsewhere(@TempDir Path dir) {
    assertEquals(
        List.of(HostChecks.well("berth", "pid 7, an agent alone: its API is its controller's")),
        running(dir, "agent"));
  }

  @Test
  void credentialsThatAreNotThereYetOrMayNotBeReadAreAFinding(@TempDir Path dir)
      throws IOException {
    Path file = dir.resolve("admin.kubeconfig");
    Finding early = running(dir, "up").getFirst();
    assertEquals("WARN", level(early));
    assertEquals("pid 7, has not written " + file + " yet", early.found());

    Files.createDirectory(file); // root may read every file
    Finding unread = running(dir, "up").getFirst();
    assertEquals("FAIL", level(unread));
    assertTrue(
        unread.found().startsWith("pid 7, kubeconfig " + file + ": cannot be read"),
        unread.found());
    assertEquals("sudo berth doctor", unread.fix());
  }

  @Test
  void whatDoesNotRunHereIsToldFromWhatHasItsDataHere(@TempDir Path dir) throws IOException {
    assertEquals("PASS", level(stopped(dir.resolve("none"))));
    assertEquals("PASS", level(stopped(dir)));
    Files.createFile(dir.resolve("admin.kubeconfig"));
    assertEquals("WARN", level(stopped(dir)));
  }

  private static Finding stopped(Path dir) {
    return HostChecks.berth(dir, Optional.empty(), Instant.EPOCH).getFirst();
  }

  @Test
  void nameServersAreReadAsTheResolverReadsThem() {
    assertEquals(
        List.of("192.0.2.1", "192.0.2.2"),
        NameServers.servers(
            List.of(
                "# nameserver 9.9.9.9",
                "nameserver\t192.0.2.1",
                "nameserver 192.0.2.2 ",
                "nameserver fe80::1",
                "search nameserver",
                "nameserver 192.0.2.1")));
  }

  @Test
  void aNameServerIsAskedAndMayRefuse() throws IOException {
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      Thread.ofVirtual().start(() -> echo(server));
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort());
      assertTrue(NameServers.answers(address, Duration.ofSeconds(20)));
    }
  }

  @Test
  void whoDoesNotListenDoesNotAnswer() throws IOException {
    int port;
    try (DatagramSocket server = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = server.getLocalPort();
    }
    assertFalse(
        NameServers.answers(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), Duration.ofMillis(50)));
  }

  private static void echo(DatagramSocket server) {
    try {
      DatagramPacket question = new DatagramPacket(new byte[512], 512);
      server.receive(question);
      server.send(question);
    } catch (IOException e) {
      return; // the test is over
    }
  }
}
