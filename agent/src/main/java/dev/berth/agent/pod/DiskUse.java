package dev.berth.agent.pod;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// How much lies below a directory that a container writes to while we look: what vanishes counts
/// nothing, links are not followed.
final class DiskUse extends SimpleFileVisitor<Path> {
  /// A file costs at least its inode and a block.
  private static final long LEAST = 4096;

  private static final long MOST_FILES = 1_000_000;
  private long bytes;
  private long files;

  private DiskUse() {}

  static long of(Path dir) {
    DiskUse use = new DiskUse();
    try {
      Files.walkFileTree(dir, use);
    } catch (IOException e) {
      return use.bytes; // what was found so far is there
    }
    return use.bytes;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    bytes += Math.max(LEAST, attributes.size());
    return ++files < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(
      Path dir, @org.jspecify.annotations.Nullable IOException e) {
    return FileVisitResult.CONTINUE;
  }
}
