package dev.berth.agent.cgroup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// The machine's hierarchies; picks version 2 where memory is one of its controllers.
public sealed interface Cgroups permits CgroupsV1, CgroupsV2 {
  String ROOT = "berth";

  static Cgroups detect() {
    return detect(Path.of("/sys/fs/cgroup"));
  }

  static Cgroups detect(Path mount) {
    Path controllers = mount.resolve("cgroup.controllers");
    return Files.exists(controllers) && read(controllers).contains("memory")
        ? new CgroupsV2(mount)
        : CgroupsV1.find();
  }

  /// Makes the group and sets its limits; `name` is relative to `berth`, e.g.
  /// `node/podUID/container`.
  Cgroup create(String name, Limits limits);

  Cgroup existing(String name);

  /// The groups of this node that exist, as names relative to `berth`, deepest first.
  List<String> list(String node);

  String version();

  static void write(Path file, String value) {
    try {
      Files.writeString(file, value);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + value + " to " + file, e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  static OptionalLong number(Path file) {
    try {
      return OptionalLong.of(Long.parseLong(Files.readString(file).strip()));
    } catch (IOException | NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  /// The value behind a key in a file of `key value` lines.
  static OptionalLong field(Path file, String key) {
    try (Stream<String> lines = Files.lines(file)) {
      Optional<String> line = lines.filter(l -> l.startsWith(key + " ")).findFirst();
      return line.isPresent()
          ? OptionalLong.of(Long.parseLong(line.get().substring(key.length() + 1).strip()))
          : OptionalLong.empty();
    } catch (IOException | UncheckedIOException e) {
      return OptionalLong.empty();
    }
  }

  /// Removes the directory, then its parents up to and with `berth`, as far as they are empty.
  static void removeUpwards(Path dir, Path mount) {
    for (Path at = dir; at != null && !at.equals(mount); at = at.getParent()) {
      try {
        Files.delete(at);
      } catch (NoSuchFileException e) {
        // another container's end removed this parent first
      } catch (DirectoryNotEmptyException e) {
        return;
      } catch (IOException e) {
        return; // EBUSY: it has other children or a process that is just ending; the sweep at start
        // comes again
      }
    }
  }

  static List<String> below(Path root, String node) {
    Path base = root.resolve(node);
    if (!Files.isDirectory(base)) {
      return List.of();
    }
    try (Stream<Path> tree = Files.walk(base)) {
      return tree.filter(Files::isDirectory)
          .map(p -> root.relativize(p).toString())
          .sorted((a, b) -> b.length() - a.length())
          .toList();
    } catch (IOException | UncheckedIOException e) {
      return List.of(); // a group vanished while we looked; whoever removed it is doing our work
    }
  }
}
