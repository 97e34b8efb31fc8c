package dev.berth.controller.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/// A directory in memory, where there is such a place: for tests that look at calls and bytes and
/// would otherwise mostly wait for a disk.
final class Scratch implements AutoCloseable {
  private final Path root;

  Scratch(Path otherwise, String name) throws IOException {
    Path memory = Path.of("/dev/shm");
    Path parent = Files.isWritable(memory) ? memory : otherwise;
    this.root = Files.createTempDirectory(parent, "berth-" + name);
  }

  Path path() {
    return root;
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
