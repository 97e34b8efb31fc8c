package dev.berth.cli.host;

import dev.berth.cli.term.Failure;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Removing a tree as root deserves two questions: is it ours, and is something mounted in it.
final class DataDir {
  private static final List<String> OURS =
      List.of("berth.json", Half.UP.pidFile(), "pki", "store", "admin.kubeconfig");

  private DataDir() {}

  static void refuseIfNot(Path dir) throws IOException {
    if (!Files.exists(dir)) {
      return;
    }
    try (Stream<Path> entries = Files.list(dir)) {
      boolean empty = entries.findAny().isEmpty();
      if (!empty && OURS.stream().noneMatch(name -> Files.exists(dir.resolve(name)))) {
        throw Failure.of(
            dir
                + " does not look like a data directory of Berth (no berth.json, no pki): it is not removed",
            "check --data-dir");
      }
    }
  }

  static void remove(Path dir) throws IOException {
    if (!Files.exists(dir)) {
      return;
    }
    List<String> mounts = mountsBelow(dir.toRealPath());
    if (!mounts.isEmpty()) {
      throw Failure.of(
          "something is still mounted below " + dir + ": " + String.join(", ", mounts),
          "umount it, then run berth down --purge again");
    }
    Files.walkFileTree(dir, new Remover());
  }

  private static List<String> mountsBelow(Path dir) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/mountinfo"))) {
      return lines
          .map(line -> line.split(" ", -1)[4])
          .filter(point -> Path.of(point).startsWith(dir))
          .toList();
    }
  }

  private static final class Remover extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(dir);
      return FileVisitResult.CONTINUE;
    }
  }
}
