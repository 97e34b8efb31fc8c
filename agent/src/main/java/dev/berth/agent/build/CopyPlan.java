package dev.berth.agent.build;

import dev.berth.agent.image.LayerPacker;
import dev.berth.agent.linux.ErrnoException;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.linux.Syscalls.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/// What a COPY copies: each source below one root, and the name it gets. Written as a tar, which is
/// then unpacked into the target's tree by the same code that is safe against hostile layers.
final class CopyPlan {
  /// Owner and mode of what is copied; an absent mode keeps the file's own.
  record Ownership(int uid, int gid, OptionalInt mode) {}

  private final Syscalls sys;
  private final Path root;
  private final Map<String, Path> entries = new LinkedHashMap<>();

  CopyPlan(Syscalls sys, Path root) {
    this.sys = sys;
    this.root = root;
  }

  /// Paths below the root that a source means: itself, or what its pattern matches. `..` stops at
  /// the root.
  List<String> resolve(String source) throws IOException {
    String clean = normalize(source);
    if (!Glob.isPattern(source)) {
      return exists(clean) ? List.of(clean) : List.of();
    }
    Pattern pattern = Glob.compile(clean);
    int depth = clean.split("/", -1).length;
    List<String> found = new ArrayList<>();
    try (Stream<Path> tree = Files.walk(root, depth)) {
      tree.map(p -> root.relativize(p).toString())
          .filter(p -> !p.isEmpty() && pattern.matcher(p).matches())
          .sorted()
          .forEach(found::add);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return found;
  }

  static String normalize(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/", -1)) {
      if (part.equals("..")) {
        if (!parts.isEmpty()) {
          parts.removeLast();
        }
      } else if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    return String.join("/", parts);
  }

  private boolean exists(String path) {
    try {
      sys.close(open(path));
      return true;
    } catch (ErrnoException e) {
      return false;
    }
  }

  /// Links on the way are followed below the root only.
  private int open(String path) {
    int base =
        sys.openat(
            Linux.AT_FDCWD,
            root.toString(),
            Linux.O_RDONLY | Linux.O_DIRECTORY | Linux.O_CLOEXEC,
            0);
    try {
      return sys.openat2(
          base,
          path.isEmpty() ? "." : path,
          Linux.O_PATH | Linux.O_CLOEXEC,
          0,
          Linux.RESOLVE_IN_ROOT | Linux.RESOLVE_NO_MAGICLINKS);
    } finally {
      sys.close(base);
    }
  }

  /// The place of a source on the host, all links resolved below the root.
  Path real(String path) {
    int fd = open(path);
    try {
      return Path.of(sys.readlinkat(Linux.AT_FDCWD, "/proc/self/fd/" + fd));
    } finally {
      sys.close(fd);
    }
  }

  boolean isDirectory(String path) {
    return Files.isDirectory(real(path), LinkOption.NOFOLLOW_LINKS);
  }

  /// A file under its new name, or the contents of a directory below it.
  void add(String source, String target) throws IOException {
    Path from = real(source);
    if (!Files.isDirectory(from, LinkOption.NOFOLLOW_LINKS)) {
      entries.put(target, from);
      return;
    }
    try (Stream<Path> tree = Files.walk(from)) {
      tree.sorted()
          .forEach(
              p -> {
                String relative = from.relativize(p).toString();
                String name =
                    relative.isEmpty()
                        ? target
                        : target.isEmpty() ? relative : target + "/" + relative;
                if (!name.isEmpty()) {
                  entries.put(name, p);
                }
              });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /// A file of the builder's own.
  void put(String target, Path file) {
    entries.put(target, file);
  }

  /// Writes all entries.
  ///
  /// @param times false writes every time as 0, so that equal contents are equal bytes
  void write(OutputStream out, Ownership ownership, boolean times) throws IOException {
    TarArchiveOutputStream tar = LayerPacker.open(out);
    for (Map.Entry<String, Path> e : entries.entrySet()) {
      write(tar, e.getKey(), e.getValue(), ownership, times);
    }
    tar.finish();
  }

  private void write(
      TarArchiveOutputStream tar, String name, Path path, Ownership ownership, boolean times)
      throws IOException {
    Stat stat =
        sys.lstatat(Linux.AT_FDCWD, path.toString())
            .orElseThrow(() -> new IOException(path + " vanished"));
    boolean directory = stat.type() == Linux.S_IFDIR;
    boolean link = stat.type() == Linux.S_IFLNK;
    if (!directory && !link && stat.type() != Linux.S_IFREG) {
      return;
    }
    TarArchiveEntry entry =
        new TarArchiveEntry(
            directory ? name + "/" : name,
            directory
                ? TarConstants.LF_DIR
                : link ? TarConstants.LF_SYMLINK : TarConstants.LF_NORMAL);
    if (link) {
      entry.setLinkName(sys.readlinkat(Linux.AT_FDCWD, path.toString()));
    } else if (!directory) {
      entry.setSize(stat.size());
    }
    entry.setMode(ownership.mode().orElse(stat.mode() & 07777));
    entry.setUserId(ownership.uid());
    entry.setGroupId(ownership.gid());
    entry.setModTime(times ? stat.mtimeSeconds() * 1000 : 0);
    tar.putArchiveEntry(entry);
    if (!directory && !link) {
      try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
        in.transferTo(tar);
      }
    }
    tar.closeArchiveEntry();
  }
}
