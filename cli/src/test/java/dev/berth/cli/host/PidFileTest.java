package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PidFileTest {
  @TempDir Path dir;

  @Test
  void aRunningProcessIsFound() throws IOException {
    PidFile.write(dir);

    assertEquals(ProcessHandle.current().pid(), PidFile.running(dir).orElseThrow().pid());
  }

  @Test
  void aNumberThatBelongsToAnotherProcessByNowIsNot() throws IOException {
    Files.writeString(PidFile.in(dir), ProcessHandle.current().pid() + " 1\n");

    assertTrue(PidFile.running(dir).isEmpty());
  }

  @Test
  void rubbishIsNoProcess() throws IOException {
    Files.writeString(PidFile.in(dir), "rubbish\n");

    assertTrue(PidFile.running(dir).isEmpty());
  }

  @Test
  void readyIsSaidByTheProcessItself() throws IOException {
    long me = ProcessHandle.current().pid();
    PidFile.write(dir);
    assertFalse(PidFile.isReady(dir, me));

    PidFile.writeReady(dir);
    assertTrue(PidFile.isReady(dir, me));
    assertFalse(PidFile.isReady(dir, me + 1));
    assertEquals(me, PidFile.running(dir).orElseThrow().pid());
  }
}
