package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.agent.Preflight.Finding;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class ChecksTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal =
      Terminal.of(new ByteArrayOutputStream(), err, Map.of(), new Properties());

  @Test
  void eachFindingHasItsFixBelowIt() {
    Failure failure =
        assertThrows(
            Failure.class,
            () ->
                Checks.preflight(
                    terminal,
                    List.of(
                        new Finding("root", true, true, "user root", "sudo"),
                        new Finding(
                            "file system overlay", false, true, "missing", "modprobe overlay"),
                        new Finding("forward policy", false, false, "DROP", "iptables ..."))));

    assertEquals(
        """
        FAIL  file system overlay: missing
              fix: modprobe overlay
        WARN  forward policy: DROP
              fix: iptables ...
        """,
        err.toString(StandardCharsets.UTF_8));
    assertEquals("this host is not ready for Berth: 1 check failed", failure.getMessage());
  }

  @Test
  void thePortThatIsOfferedIsOne() {
    assertEquals(7443, Checks.another(6443));
    assertEquals(65_535, Checks.another(64_535));
    assertEquals(63_536, Checks.another(64_536));
  }

  @Test
  void aPortThatIsTakenIsSaidTheSameWayByBoth() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Finding finding = Checks.port("API port", "127.0.0.1", port, "--port");

      Failure failure =
          assertThrows(
              Failure.class, () -> Checks.portFree("API port", "127.0.0.1", port, "--port"));

      assertTrue(finding.found().startsWith(port + " is taken by "), finding.found());
      assertEquals("API port " + finding.found(), failure.getMessage());
      assertEquals(List.of(finding.fix()), failure.next());
    }
  }

  @Test
  void warningsAloneLetItStart() {
    Checks.preflight(terminal, List.of(new Finding("forward policy", false, false, "DROP", "")));

    assertEquals("WARN  forward policy: DROP\n", err.toString(StandardCharsets.UTF_8));
  }
}
