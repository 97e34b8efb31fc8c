package dev.berth.hardening;

import dev.berth.e2e.TestHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A small ext4 file system of its own, with a ballast that leaves as little room as a test wants.
///
/// @param image the file that holds it
/// @param at where it is mounted
record Disk(Path image, Path at) {
  private static final int BLOCK = 4096;

  /// What the file system may need for the ballast's own blocks, bytes.
  private static final int RESERVE = 256 << 10;

  /// Nothing of it is set aside for root, so that what is shown as free is what can be written.
  static Disk mount(Path image, Path at, int megabytes) throws IOException, InterruptedException {
    TestHost.run(List.of("truncate", "-s", megabytes + "M", image.toString())).ok();
    TestHost.run(List.of("mkfs.ext4", "-q", "-F", "-m", "0", image.toString())).ok();
    TestHost.run(List.of("mount", "-o", "loop", image.toString(), at.toString())).ok();
    return new Disk(image, at);
  }

  private Path ballast() {
    return at.resolve("ballast");
  }

  /// Bytes that can still be written.
  long room() throws IOException {
    return Files.getFileStore(at).getUsableSpace();
  }

  /// Takes all of the disk but this many bytes; with 0, every block of it.
  void leave(long bytes) throws IOException, InterruptedException {
    relieve();
    // What is freed comes back with the next commit of the journal.
    TestHost.run(List.of("sync", "-f", at.toString())).ok();
    long taken = room() - Math.max(bytes, RESERVE);
    TestHost.run(List.of("fallocate", "-l", Long.toString(taken), ballast().toString())).ok();
    if (bytes == 0) {
      takeTheRest();
    }
  }

  private void takeTheRest() throws IOException {
    try (FileChannel out = FileChannel.open(ballast(), StandardOpenOption.APPEND)) {
      for (; ; ) {
        out.write(ByteBuffer.allocate(BLOCK));
        out.force(false);
      }
    } catch (IOException e) {
      if (!String.valueOf(e.getMessage()).contains("No space left")) {
        throw e;
      }
    }
  }

  /// The room is back.
  void relieve() throws IOException {
    Files.deleteIfExists(ballast());
  }

  void close() throws IOException, InterruptedException {
    TestHost.run(List.of("umount", at.toString())).ok();
    Files.delete(image);
  }
}
