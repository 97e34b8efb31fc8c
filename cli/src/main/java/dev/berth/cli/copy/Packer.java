package dev.berth.cli.copy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// Packs a file or a folder under another name. Links stay links: what they lead to is the
/// container's.
public final class Packer {
  private static final int PLAIN = 0100000;
  private static final int FOLDER = 0040000;

  private final Path source;
  private final String name;
  private long files;

  public Packer(Path source, String name) {
    this.source = source;
    this.name = name;
  }

  /// Writes the whole stream; the number of files in it.
  public long pack(OutputStream stream) throws IOException {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(stream, "UTF-8");
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    Files.walkFileTree(source, visitor(tar));
    tar.finish();
    stream.flush();
    return files;
  }

  private SimpleFileVisitor<Path> visitor(TarArchiveOutputStream tar) {
    return new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
          throws IOException {
        add(tar, folder, new TarArchiveEntry(nameOf(folder) + "/"), FOLDER);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        if (attributes.isSymbolicLink()) {
          TarArchiveEntry link = new TarArchiveEntry(nameOf(file), TarConstants.LF_SYMLINK);
          link.setLinkName(Files.readSymbolicLink(file).toString());
          tar.putArchiveEntry(link);
          tar.closeArchiveEntry();
        } else if (attributes.isRegularFile()) {
          TarArchiveEntry entry = new TarArchiveEntry(nameOf(file));
          entry.setSize(attributes.size());
          add(tar, file, entry, PLAIN);
          files++;
        }
        return FileVisitResult.CONTINUE;
      }
    };
  }

  private String nameOf(Path path) {
    String below = source.relativize(path).toString();
    return below.isEmpty() ? name : name + "/" + below;
  }

  private static void add(TarArchiveOutputStream tar, Path path, TarArchiveEntry entry, int type)
      throws IOException {
    entry.setMode(type | mode(path));
    entry.setModTime(Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
    tar.putArchiveEntry(entry);
    if (type == PLAIN) {
      Files.copy(path, tar);
    }
    tar.closeArchiveEntry();
  }

  private static int mode(Path path) throws IOException {
    Set<PosixFilePermission> permissions =
        Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS);
    PosixFilePermission[] bits = PosixFilePermission.values();
    int mode = 0;
    for (int i = 0; i < bits.length; i++) {
      mode |= permissions.contains(bits[i]) ? 1 << (bits.length - 1 - i) : 0;
    }
    return mode;
  }
}
