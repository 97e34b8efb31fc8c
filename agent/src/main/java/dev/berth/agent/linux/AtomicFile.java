package dev.berth.agent.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/// A small file that is the old one or the new one after a crash or on a full disk, never a part.
///
/// Who writes the same file at the same time writes one after the other: the name beside it is
/// always the same, so that a kill leaves at most one file, which the next write takes over. All
/// writers of a data directory are in one process.
public final class AtomicFile {
  private static final Object[] LOCKS = Stream.generate(Object::new).limit(16).toArray();

  private AtomicFile() {}

  /// Written beside, on the disk before it takes the name.
  public static void write(Path file, byte[] bytes) throws IOException {
    int lock = Math.floorMod(file.toAbsolutePath().normalize().hashCode(), LOCKS.length);
    synchronized (LOCKS[lock]) {
      replace(file, bytes);
    }
  }

  private static void replace(Path file, byte[] bytes) throws IOException {
    Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
    try {
      try (FileChannel out =
          FileChannel.open(
              fresh,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        while (rest.hasRemaining()) {
          out.write(rest);
        }
        out.force(true);
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
