package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.berth.agent.Preflight.Finding;
import dev.berth.api.Json;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class DoctorVerbTest {
  private static final Finding WELL = HostChecks.well("disk", "9 GiB free");
  private static final Finding WARNS = HostChecks.warns("memory", "300 MiB available", "add swap");
  private static final Finding FAILS = HostChecks.fails("namespaces", "no pid", "another kernel");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final Terminal terminal =
      Terminal.of(out, new ByteArrayOutputStream(), Map.of(), new Properties());
  private final DoctorVerb verb = new DoctorVerb(terminal);

  private String said() {
    terminal.flush();
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void whatIsNotWellHasItsFixBelowItAndAFailureAnExitCode() {
    assertEquals(Exit.FAILED, verb.print(List.of(WELL, WARNS, FAILS)));

    assertEquals(
        """
        PASS  disk        9 GiB free
        WARN  memory      300 MiB available
                          fix: add swap
        FAIL  namespaces  no pid
                          fix: another kernel
        """,
        said());
  }

  @Test
  void aWarningAloneIsNoFailure() {
    assertEquals(Exit.OK, verb.print(List.of(WELL, WARNS)));
  }

  @Test
  void programsGetTheSameAsATree() {
    verb.json = true;

    assertEquals(Exit.FAILED, verb.print(List.of(WELL, WARNS, FAILS)));

    assertEquals(
        Json.parse(
            """
            {"ok": false, "checks": [
              {"check": "disk", "level": "PASS", "found": "9 GiB free"},
              {"check": "memory", "level": "WARN", "found": "300 MiB available", "fix": "add swap"},
              {"check": "namespaces", "level": "FAIL", "found": "no pid", "fix": "another kernel"}]}
            """),
        Json.parse(said()));
  }
}
