package dev.berth.agent.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// `container.json` in the state directory, replaced by rename so that a crash leaves the old one
/// or the new one. Whatever cannot be read counts as absent: keepers and exit files tell more.
final class StateFile {
  /// What this agent writes. Fields may be added under the same number; an older agent that finds a
  /// greater one asks the keeper instead.
  static final int FORMAT = 1;

  private static final String DOWN = "down";
  private static final JsonMapper JSON = JsonMapper.shared();

  private StateFile() {}

  /// The file's content; agents before formats were counted wrote none and a path besides.
  private record Written(
      int format,
      @Nullable String id,
      @Nullable String cgroup,
      int pid,
      long pidStart,
      int keeper,
      long keeperStart,
      @Nullable Instant startedAt) {
    Optional<Container> in(Path dir) {
      if (format > FORMAT || id == null || cgroup == null || startedAt == null) {
        return Optional.empty();
      }
      return Optional.of(
          new Container(id, dir, cgroup, pid, pidStart, keeper, keeperStart, startedAt));
    }
  }

  static void write(Container c) {
    Written content =
        new Written(
            FORMAT,
            c.id(),
            c.cgroup(),
            c.pid(),
            c.pidStart(),
            c.keeper(),
            c.keeperStart(),
            c.startedAt());
    try {
      Path fresh = c.dir().resolve(Container.FILE + ".tmp");
      Files.write(fresh, JSON.writeValueAsBytes(content));
      Files.move(fresh, c.dir().resolve(Container.FILE), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot remember container " + c.id(), e);
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
    return parse(dir.resolve(Identity.FILE), Identity.class);
  }

  static Optional<Container> read(Path dir) {
    return parse(dir.resolve(Container.FILE), Written.class).flatMap(w -> w.in(dir));
  }

  private static <T> Optional<T> parse(Path file, Class<T> type) {
    try {
      return Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), type));
    } catch (IOException | JacksonException e) {
      return Optional.empty();
    }
  }

  static void markDown(Path dir) {
    try {
      if (Files.isDirectory(dir)) {
        Files.write(
            dir.resolve(DOWN),
            new byte[0],
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot note in " + dir + " that it was taken down", e);
    }
  }

  static boolean isDown(Path dir) {
    return Files.exists(dir.resolve(DOWN));
  }

  /// The keeper's line, when it is one.
  static Optional<String> exit(Path dir) {
    try {
      byte[] bytes = Files.readAllBytes(dir.resolve("exit"));
      String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
      return Optional.of(text).filter(ExitStatus::readable);
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
