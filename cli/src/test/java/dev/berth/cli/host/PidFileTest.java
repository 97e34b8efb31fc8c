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
    PidFile.write(dir, Half.UP);

    assertEquals(ProcessHandle.current().pid(), PidFile.running(dir, Half.UP).orElseThrow().pid());
  }

  @Test
  void aNumberThatBelongsToAnotherProcessByNowIsNot() throws IOException {
    Files.writeString(PidFile.in(dir, Half.UP), ProcessHandle.current().pid() + " 1\n");

    assertTrue(PidFile.running(dir, Half.UP).isEmpty());
  }

  @Test
  void rubbishIsNoProcess() throws IOException {
    Files.writeString(PidFile.in(dir, Half.UP), "rubbish\n");

    assertTrue(PidFile.running(dir, Half.UP).isEmpty());
  }

  @Test
  void readyIsSaidByTheProcessItself() throws IOException {
    long me = ProcessHandle.current().pid();
    PidFile.write(dir, Half.UP);
    assertFalse(PidFile.isReady(dir, Half.UP, me));

    PidFile.writeReady(dir, Half.UP);
    assertTrue(PidFile.isReady(dir, Half.UP, me));
    assertFalse(PidFile.isReady(dir, Half.UP, me + 1));
    assertEquals(me, PidFile.running(dir, Half.UP).orElseThrow().pid());
  }

  @Test
  void halvesThatShareADirectoryDoNotTakeEachOthersFile() throws IOException {
    PidFile.write(dir, Half.CONTROLLER);
    PidFile.write(dir, Half.AGENT);

    PidFile.removeOwn(dir, Half.AGENT);

    assertTrue(PidFile.running(dir, Half.AGENT).isEmpty());
    assertTrue(PidFile.running(dir, Half.CONTROLLER).isPresent());
  }

  @Test
  void onlyItsOwnFileIsRemovedByAProcessThatStops() throws IOException {
    Files.writeString(PidFile.in(dir, Half.UP), "1 1\n");

    PidFile.removeOwn(dir, Half.UP);

    assertTrue(Files.exists(PidFile.in(dir, Half.UP)));
  }
}
