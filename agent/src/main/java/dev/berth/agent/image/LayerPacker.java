package dev.berth.agent.image;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.linux.Syscalls.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// The reverse of [LayerUnpacker]: an overlay's upper directory as a layer's tar. Names are sorted,
/// whiteouts come first in their directory, hard links are kept; sockets have no place in an image
/// and are left out.
public final class LayerPacker {
  private final Syscalls sys;
  private final TarArchiveOutputStream tar;
  private final Map<Long, String> linked = new HashMap<>();

  private LayerPacker(Syscalls sys, OutputStream out) {
    this.sys = sys;
    this.tar = open(out);
  }

  /// A tar stream that can hold any name, size and number.
  public static TarArchiveOutputStream open(OutputStream out) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }

  public static void pack(Syscalls sys, Path upper, OutputStream out) throws IOException {
    LayerPacker packer = new LayerPacker(sys, out);
    packer.directory(upper, "");
    packer.tar.finish();
  }

  private void directory(Path dir, String prefix) throws IOException {
    List<Path> children;
    try (Stream<Path> entries = Files.list(dir)) {
      children = entries.sorted().toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path child : children) {
      if (stat(child).type() == Linux.S_IFCHR && stat(child).rdev() == 0) {
        empty(prefix + ".wh." + child.getFileName());
      }
    }
    for (Path child : children) {
      entry(child, prefix + child.getFileName());
    }
  }

  private Stat stat(Path path) {
    return sys.lstatat(Linux.AT_FDCWD, path.toString()).orElseThrow();
  }

  private void empty(String name) throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL);
    entry.setModTime(0);
    tar.putArchiveEntry(entry);
    tar.closeArchiveEntry();
  }

  private void entry(Path path, String name) throws IOException {
    Stat stat = stat(path);
    switch (stat.type()) {
      case Linux.S_IFDIR -> {
        put(new TarArchiveEntry(name + "/", TarConstants.LF_DIR), stat);
        tar.closeArchiveEntry();
        if (sys.lgetxattrs(path.toString()).containsKey("trusted.overlay.opaque")) {
          empty(name + "/.wh..wh..opq");
        }
        directory(path, name + "/");
      }
      case Linux.S_IFLNK -> {
        TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
        entry.setLinkName(sys.readlinkat(Linux.AT_FDCWD, path.toString()));
        put(entry, stat);
        tar.closeArchiveEntry();
      }
      case Linux.S_IFIFO -> {
        put(new TarArchiveEntry(name, TarConstants.LF_FIFO), stat);
        tar.closeArchiveEntry();
      }
      case Linux.S_IFREG -> file(path, name, stat);
      default -> {} // whiteouts went first; other devices and sockets are not part of an image
    }
  }

  private void file(Path path, String name, Stat stat) throws IOException {
    String first = stat.links() > 1 ? linked.putIfAbsent(stat.inode(), name) : null;
    if (first != null) {
      TarArchiveEntry link = new TarArchiveEntry(name, TarConstants.LF_LINK);
      link.setLinkName(first);
      put(link, stat);
      tar.closeArchiveEntry();
      return;
    }
    TarArchiveEntry entry = new TarArchiveEntry(name, TarConstants.LF_NORMAL);
    entry.setSize(stat.size());
    sys.lgetxattrs(path.toString())
        .forEach(
            (key, value) -> {
              if (key.startsWith("user.")) {
                entry.addPaxHeader(
                    "SCHILY.xattr." + key, new String(value, StandardCharsets.UTF_8));
              }
            });
    put(entry, stat);
    try (InputStream in = Files.newInputStream(path, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
      in.transferTo(tar);
    }
    tar.closeArchiveEntry();
  }

  private void put(TarArchiveEntry entry, Stat stat) throws IOException {
    entry.setMode(stat.mode() & 07777);
    entry.setUserId(stat.uid());
    entry.setGroupId(stat.gid());
    entry.setModTime(stat.mtimeSeconds() * 1000);
    tar.putArchiveEntry(entry);
  }
}
