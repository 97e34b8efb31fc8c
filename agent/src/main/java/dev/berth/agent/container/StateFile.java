package dev.berth.agent.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
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

  /// Readable by us alone: variables hold secrets.
  static void write(Path dir, Identity identity) {
    try {
      Path file = dir.resolve(Identity.FILE);
      Files.deleteIfExists(file);
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(file, JSON.writeValueAsBytes(identity));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remember who runs in " + dir, e);
    }
  }

  static Optional<Identity> identity(Path dir) {
    try {
      return Optional.of(
          JSON.readValue(Files.readAllBytes(dir.resolve(Identity.FILE)), Identity.class));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
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
