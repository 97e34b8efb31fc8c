package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.berth.cli.host.Neighbours.Neighbour;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NeighboursTest {
  @Test
  void theDataDirIsReadFromWordsThenEnvironmentThenDefault() {
    assertEquals(
        Path.of("/a"),
        Neighbours.dataDir(List.of("up", "--data-dir", "/a"), List.of("BERTH_DATA_DIR=/b")));
    assertEquals(Path.of("/a"), Neighbours.dataDir(List.of("up", "--data-dir=/a"), List.of()));
    assertEquals(
        Path.of("/b"), Neighbours.dataDir(List.of("up"), List.of("X=1", "BERTH_DATA_DIR=/b")));
    assertEquals(Path.of("/var/lib/berth"), Neighbours.dataDir(List.of("up"), List.of()));
  }

  @Test
  void aDataDirIsTheSameHoweverItWasTyped() {
    assertEquals(Path.of("/b"), Neighbours.absolute(Path.of("/"), Path.of("/a/../b/.")));
  }

  @Test
  void theTwoHalvesGoTogetherButNothingGoesTwice() {
    Neighbour controller = new Neighbour(1, "controller", Path.of("/a"), false);

    assertFalse(controller.conflictsWith("agent"));
    assertTrue(controller.conflictsWith("controller"));
    assertTrue(controller.conflictsWith("up"));
  }
}
