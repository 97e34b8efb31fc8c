package dev.berth.controller.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/// Writes a backup from a snapshot of the store and the directories beside it.
///
/// The repositories are listed before the blobs: a blob is always there before something names it,
/// so every image that the backup names is whole.
final class BackupWriter {
  private final TarWriter tar;
  private final Checksums sums = new Checksums();

  /// What goes in.
  ///
  /// @param store a snapshot of the store, whole and at rest
  record Sources(Path store, Path pki, Path nodeName, Path repositories, Path blobs) {}

  private record Found(String name, Path file) {}

  private BackupWriter(TarWriter tar) {
    this.tar = tar;
  }

  /// @param wanted what shall be in it; the blobs are counted here
  static void write(Contents wanted, Sources from, OutputStream out) throws IOException {
    List<Found> repositories =
        wanted.images() ? below("repositories/", from.repositories()) : List.of();
    List<Found> blobs = wanted.images() ? below("blobs/", from.blobs()) : List.of();
    Contents contents = wanted.withBlobs(blobs.size());
    GZIPOutputStream zipped = new Fast(out);
    TarWriter tar = new TarWriter(zipped);
    BackupWriter writer = new BackupWriter(tar);
    writer.bytes(Contents.NAME, contents.json());
    writer.file(new Found("store.db", from.store()));
    writer.files(below("pki/", from.pki()));
    writer.file(new Found("node-name", from.nodeName()));
    writer.files(repositories);
    writer.files(blobs);
    writer.bytes(Checksums.NAME, writer.sums.text());
    tar.end();
    zipped.finish();
    out.flush();
  }

  /// Layers are compressed already: more effort would only cost time.
  private static final class Fast extends GZIPOutputStream {
    Fast(OutputStream out) throws IOException {
      super(out, 64 * 1024);
      def.setLevel(Deflater.BEST_SPEED);
    }
  }

  private void bytes(String name, byte[] bytes) throws IOException {
    sums.add(name, tar.add(name, bytes.length, new ByteArrayInputStream(bytes)));
  }

  private void files(List<Found> files) throws IOException {
    for (Found file : files) {
      file(file);
    }
  }

  /// A tag may be deleted between the listing and here: then it is not in the backup.
  private void file(Found found) throws IOException {
    try (FileChannel channel = FileChannel.open(found.file());
        InputStream in = Channels.newInputStream(channel)) {
      sums.add(found.name(), tar.add(found.name(), channel.size(), in));
    } catch (NoSuchFileException e) {
      if (found.name().equals("store.db")) {
        throw e;
      }
    }
  }

  /// Files that are still being written are named `.new...` or `...new`.
  private static List<Found> below(String prefix, Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> !isUnfinished(file.getFileName().toString()))
          .map(file -> new Found(prefix + directory.relativize(file), file))
          .sorted(Comparator.comparing(Found::name))
          .toList();
    }
  }

  private static boolean isUnfinished(String name) {
    return name.startsWith(".") || name.endsWith(".new");
  }
}
