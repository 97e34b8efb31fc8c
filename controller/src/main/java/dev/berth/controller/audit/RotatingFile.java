package dev.berth.controller.audit;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// `audit.log` in a directory of its own, and before it `audit.log.1`, `audit.log.2`, ...: a number
/// of files of a size. Readable by the owner only. One thread.
final class RotatingFile implements AutoCloseable {
  private static final String NAME = "audit.log";

  private final Path directory;
  private final long mostBytes;
  private final int mostFiles;
  private @Nullable FileChannel channel;
  private long size;

  /// @param mostBytes of one file; an append that begins below it goes through
  /// @param mostFiles together
  RotatingFile(Path directory, long mostBytes, int mostFiles) {
    this.directory = directory;
    this.mostBytes = mostBytes;
    this.mostFiles = mostFiles;
  }

  /// Appends all of it, or nothing.
  ///
  /// @throws IOException when that cannot be; the next append begins anew
  void append(byte[] lines) throws IOException {
    try {
      FileChannel to = size >= mostBytes ? rotated() : opened();
      for (ByteBuffer left = ByteBuffer.wrap(lines); left.hasRemaining(); ) {
        to.write(left, size + left.position());
      }
      size += lines.length;
    } catch (IOException e) {
      giveUp(e);
      throw e;
    }
  }

  private FileChannel opened() throws IOException {
    FileChannel open = channel;
    if (open == null) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      open =
          FileChannel.open(
              directory.resolve(NAME),
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      channel = open;
      size = open.size();
    }
    return open;
  }

  private FileChannel rotated() throws IOException {
    close();
    Files.deleteIfExists(numbered(mostFiles - 1));
    for (int i = mostFiles - 2; i >= 0; i--) {
      if (Files.exists(numbered(i))) {
        Files.move(numbered(i), numbered(i + 1), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    return opened();
  }

  private Path numbered(int number) {
    return directory.resolve(number == 0 ? NAME : NAME + "." + number);
  }

  /// A line that was cut off must not run into the next one.
  private void giveUp(IOException cause) {
    FileChannel open = channel;
    try {
      if (open != null) {
        open.truncate(size);
      }
      close();
    } catch (IOException e) {
      cause.addSuppressed(e);
    }
  }

  @Override
  public void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    size = 0;
    if (open != null) {
      open.close();
    }
  }
}
