package dev.berth.cli.host;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.berth.cli.host.Neighbours.Neighbour;
import dev.berth.cli.term.Failure;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownVerbTest {
  private static final Path MINE = Path.of("/srv/mine");

  @ParameterizedTest
  @ValueSource(strings = {"up", "agent"})
  void theNetworkOfAnotherBerthIsNotTornDown(String half) {
    List<Neighbour> here = List.of(new Neighbour(7, half, Path.of("/srv/other"), false));

    Failure refused = assertThrows(Failure.class, () -> DownVerb.refuseStranger(here, MINE));
    assertEquals(List.of("stop that one: berth down --data-dir /srv/other"), refused.next());
  }

  @Test
  void itsOwnProcessesAndAControllerBesideItAreNoReason() {
    List<Neighbour> here =
        List.of(
            new Neighbour(7, "up", MINE, false),
            new Neighbour(8, "controller", Path.of("/srv/other"), false));

    assertDoesNotThrow(() -> DownVerb.refuseStranger(here, MINE));
  }
}
