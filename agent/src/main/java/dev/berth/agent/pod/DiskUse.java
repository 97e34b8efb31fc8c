package dev.berth.agent.pod;

import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/// How much lies below a directory that a container writes to while we look: what vanishes counts
/// nothing, links are not followed, and what cannot be counted is too much.
final class DiskUse extends SimpleFileVisitor<Path> {
  /// A file costs at least its inode and a block.
  private static final long LEAST = 4096;

  private static final long MOST_FILES = 1_000_000;

  /// PATH_MAX is 4096; characters may be several bytes.
  private static final int LONG_PATH = 1024;

  static final long UNCOUNTED = Long.MAX_VALUE;
  private long bytes;
  private long files;

  private final Syscalls sys;

  private DiskUse(Syscalls sys) {
    this.sys = sys;
  }

  /// Bytes, or [#UNCOUNTED] for more files than anybody counts.
  static long of(Syscalls sys, Path dir) {
    DiskUse use = new DiskUse(sys);
    try {
      Files.walkFileTree(dir, use);
    } catch (IOException e) {
      return use.bytes; // what was found so far is there
    }
    return use.files < MOST_FILES ? use.bytes : UNCOUNTED;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
    return count(dir);
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    return count(file);
  }

  private FileVisitResult count(Path file) {
    bytes += Math.max(LEAST, onDisk(file));
    return ++files < MOST_FILES ? FileVisitResult.CONTINUE : FileVisitResult.TERMINATE;
  }

  /// Neither a hole is disk, nor is the size all of it (fallocate(2) with FALLOC_FL_KEEP_SIZE):
  /// blocks count, in the 512 bytes that stat counts them in.
  private long onDisk(Path file) {
    try {
      return sys.lstatat(Linux.AT_FDCWD, file.toString())
          .map(stat -> stat.blocks() * 512)
          .orElse(0L);
    } catch (ErrnoException e) {
      return 0;
    }
  }

  /// A path that is too long for a call hides whatever lies below it.
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    if (file.toString().length() < LONG_PATH) {
      return FileVisitResult.CONTINUE;
    }
    files = MOST_FILES;
    return FileVisitResult.TERMINATE;
  }

  @Override
  public FileVisitResult postVisitDirectory(
      Path dir, @org.jspecify.annotations.Nullable IOException e) {
    return FileVisitResult.CONTINUE;
  }
}
