package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.agent.Preflight.Finding;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
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
  void warningsAloneLetItStart() {
    Checks.preflight(terminal, List.of(new Finding("forward policy", false, false, "DROP", "")));

    assertEquals("WARN  forward policy: DROP\n", err.toString(StandardCharsets.UTF_8));
  }
}
