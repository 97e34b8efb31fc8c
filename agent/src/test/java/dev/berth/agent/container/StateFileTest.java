package dev.berth.agent.container;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFileTest {
  @TempDir Path dir;

  private final Container container =
      new Container("a-0", Path.of("/x"), "n/a/c-0", 7, 70, 6, 60, Instant.ofEpochSecond(9));

  private Container here() {
    Container c = container;
    return new Container(
        c.id(), dir, c.cgroup(), c.pid(), c.pidStart(), c.keeper(), c.keeperStart(), c.startedAt());
  }

  private Optional<Container> reading(String text) throws IOException {
    Files.writeString(dir.resolve(Container.FILE), text);
    return StateFile.read(dir);
  }

  @Test
  void whatIsWrittenIsReadInWhateverDirectoryItLiesByNow() {
    StateFile.write(here());
    assertEquals(Optional.of(here()), StateFile.read(dir));
  }

  @Test
  void anAgentWithoutFormatsIsUnderstood() throws IOException {
    assertEquals(
        Optional.of(here()),
        reading(
            """
            {"id":"a-0","dir":"file:///elsewhere","cgroup":"n/a/c-0","pid":7,"pidStart":70,
             "keeper":6,"keeperStart":60,"startedAt":"1970-01-01T00:00:09Z"}"""));
  }

  @Test
  void aNewerAgentsFieldsAreLeftAloneAndItsNewFormatIsNotGuessedAt() throws IOException {
    StateFile.write(here());
    String ours = Files.readString(dir.resolve(Container.FILE));
    assertEquals(
        Optional.of(here()), reading(ours.replaceFirst("\\{", "{\"colour\":{\"red\":1},")));
    assertEquals(Optional.empty(), reading(ours.replace("\"format\":1", "\"format\":2")));
  }

  @Test
  void whatIsDamagedCountsAsAbsent() throws IOException {
    for (String text : List.of("", "{}", "null", "[]", "7", "{\"id\":\"a-0\",", "\0\0\0")) {
      assertEquals(Optional.empty(), reading(text), text);
      Files.writeString(dir.resolve("exit"), text);
      assertEquals(Optional.empty(), StateFile.exit(dir), text);
    }
  }

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
