package dev.berth.agent.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `container.json` in the state directory, replaced by rename so that a crash leaves the old one
/// or the new one.
final class StateFile {
  private static final JsonMapper JSON = JsonMapper.shared();

  private StateFile() {}

  static void write(Container container) {
    try {
      Path fresh = container.dir().resolve(Container.FILE + ".tmp");
      Files.write(fresh, JSON.writeValueAsBytes(container));
      Files.move(fresh, container.dir().resolve(Container.FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remember container " + container.id(), e);
    }
  }

  static Optional<Container> read(Path dir) {
    try {
      return Optional.of(
          JSON.readValue(Files.readAllBytes(dir.resolve(Container.FILE)), Container.class));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  static Optional<String> exit(Path dir) {
    try {
      return Optional.of(Files.readString(dir.resolve("exit")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
