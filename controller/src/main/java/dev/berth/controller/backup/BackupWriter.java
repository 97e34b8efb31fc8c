package dev.berth.controller.backup;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.jspecify.annotations.Nullable;

/// Writes a backup from a snapshot of the store and the directories beside it.
///
/// A push writes blobs, then the manifest that names them, then the tag. Here the tags are read
/// first, then the manifests are listed, then the blobs, all before the first byte is written: so
/// every image that the backup names is whole, whatever is pushed while it is written.
final class BackupWriter {
  private final TarArchiveOutputStream tar;
  private final Checksums sums = new Checksums();

  /// What goes in.
  ///
  /// @param store a snapshot of the store, whole and at rest
  record Sources(Path store, Path pki, Path nodeName, Path repositories, Path blobs) {}

  /// Something that goes in under `name`; manifests and blobs never change once they are there.
  private sealed interface Found {
    record OnDisk(String name, Path file) implements Found {}

    record InMemory(String name, String text) implements Found {}
  }

  private BackupWriter(TarArchiveOutputStream tar) {
    this.tar = tar;
  }

  /// @param wanted what shall be in it; the blobs are counted here
  static void write(Contents wanted, Sources from, OutputStream out) throws IOException {
    List<Found> tags = wanted.images() ? tags(from.repositories()) : List.of();
    List<Found> manifests = wanted.images() ? manifests(from.repositories()) : List.of();
    List<Found> blobs =
        wanted.images() ? onDisk("blobs/", from.blobs(), BackupWriter::isWhole) : List.of();
    Contents contents = wanted.withBlobs(blobs.size());
    GZIPOutputStream zipped = new Fast(out);
    TarArchiveOutputStream tar = Archive.writer(zipped);
    BackupWriter writer = new BackupWriter(tar);
    writer.bytes(Contents.NAME, contents.json());
    writer.file(new Found.OnDisk("store.db", from.store()));
    writer.files(onDisk("pki/", from.pki(), BackupWriter::isWholeSecret));
    writer.file(new Found.OnDisk("node-name", from.nodeName()));
    writer.files(tags);
    writer.files(manifests);
    writer.files(blobs);
    writer.bytes(Checksums.NAME, writer.sums.text());
    tar.finish();
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
    add(name, bytes.length, new ByteArrayInputStream(bytes));
  }

  private void files(List<Found> files) throws IOException {
    for (Found file : files) {
      file(file);
    }
  }

  private void file(Found found) throws IOException {
    switch (found) {
      case Found.OnDisk file -> copy(file);
      case Found.InMemory(String name, String text) ->
          bytes(name, text.getBytes(StandardCharsets.UTF_8));
    }
  }

  /// An image may be deleted between the listing and here: then it is not in the backup.
  private void copy(Found.OnDisk found) throws IOException {
    try (FileChannel channel = FileChannel.open(found.file());
        InputStream in = Channels.newInputStream(channel)) {
      add(found.name(), channel.size(), in);
    } catch (NoSuchFileException e) {
      if (found.name().equals("store.db")) {
        throw e;
      }
    }
  }

  /// Adds a file of exactly `size` bytes.
  private void add(String name, long size, InputStream content) throws IOException {
    tar.putArchiveEntry(Archive.header(name, size));
    MessageDigest digest = Checksums.sha256();
    byte[] buffer = new byte[64 * 1024];
    for (long left = size; left > 0; ) {
      int n = content.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (n < 0) {
        throw new IOException(name + " ended " + left + " bytes before its size");
      }
      digest.update(buffer, 0, n);
      tar.write(buffer, 0, n);
      left -= n;
    }
    tar.closeArchiveEntry();
    sums.add(name, HexFormat.of().formatHex(digest.digest()));
  }

  private static List<Found> tags(Path repositories) throws IOException {
    List<Found> tags = new ArrayList<>();
    for (Path file : below(repositories, file -> isTag(file) && isWhole(file))) {
      try {
        tags.add(
            new Found.InMemory(
                "repositories/" + repositories.relativize(file), Files.readString(file)));
      } catch (NoSuchFileException e) {
        // Deleted since it was listed.
      }
    }
    return tags;
  }

  private static List<Found> manifests(Path repositories) throws IOException {
    return onDisk("repositories/", repositories, file -> !isTag(file) && isWhole(file));
  }

  private static List<Found> onDisk(String prefix, Path directory, Predicate<Path> wanted)
      throws IOException {
    return below(directory, wanted).stream()
        .<Found>map(file -> new Found.OnDisk(prefix + directory.relativize(file), file))
        .toList();
  }

  private static List<Path> below(Path directory, Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && wanted.test(file)) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            return vanished(e);
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            return e == null ? FileVisitResult.CONTINUE : vanished(e);
          }
        });
    found.sort(null);
    return found;
  }

  /// A push writes beside its target and renames: names come and go while they are listed.
  private static FileVisitResult vanished(IOException e) throws IOException {
    if (e instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw e;
  }

  private static boolean isTag(Path file) {
    return file.resolveSibling("").endsWith("_tags");
  }

  /// What the registry is still writing has a name with a dot in front, which no tag can have.
  private static boolean isWhole(Path file) {
    return !file.getFileName().toString().startsWith(".");
  }

  private static boolean isWholeSecret(Path file) {
    return isWhole(file) && !file.getFileName().toString().endsWith(".new");
  }
}
