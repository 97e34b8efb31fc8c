package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  @TempDir Path dir;

  @Test
  void whoRunsInAContainerIsRememberedForUsAlone() throws IOException {
    Identity identity = new Identity(new User(7, 8, List.of(9)), List.of("A=b"), "/srv");
    StateFile.write(dir, identity);
    assertEquals(Optional.of(identity), StateFile.identity(dir));
    assertEquals(
        "rw-------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(Identity.FILE))));
  }
}
