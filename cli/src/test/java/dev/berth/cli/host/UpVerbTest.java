package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Exit;
import dev.berth.cli.term.Failure;
import dev.berth.cli.term.Terminal;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class UpVerbTest {
  @TempDir Path dir;

  @BeforeEach
  void isUp() throws Exception {
    PidFile.writeReady(dir, Half.UP);
  }

  private Exit onceMore(boolean offline, String... words) throws Exception {
    Terminal terminal =
        Terminal.of(
            new ByteArrayOutputStream(), new ByteArrayOutputStream(), Map.of(), new Properties());
    UpVerb verb = new UpVerb(terminal);
    new CommandLine(verb).parseArgs(words);
    return verb.alreadyUp(new Neighbour(ProcessHandle.current().pid(), "up", dir, offline), dir);
  }

  @Test
  void theSameOnceMoreIsNoMistake() throws Exception {
    assertEquals(Exit.OK, onceMore(true, "--detach", "--data-dir", dir.toString()));
    assertEquals(Exit.OK, onceMore(true, "--detach", "--offline", "--data-dir", dir.toString()));
  }

  @Test
  void whatRunsWithoutAnOptionThatIsAskedForIsNotCalledTheSame() {
    for (String option : new String[] {"--offline", "--port=7443"}) {
      Failure failure =
          assertThrows(
              Failure.class,
              () -> onceMore(false, "--detach", option, "--data-dir", dir.toString()));
      assertTrue(String.valueOf(failure.getMessage()).endsWith("with other options"));
    }
  }
}
