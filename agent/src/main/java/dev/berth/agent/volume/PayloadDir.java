package dev.berth.agent.volume;

import dev.berth.agent.image.FileTree;
import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A directory whose files change all at once, in the layout that Kubernetes' containers know:
///
/// ```
/// ..2026_11_23_04_30_00.000000001/   the files
/// ..data -> ..2026_11_23_...          replaced by one rename
/// KEY -> ..data/KEY                   what a container opens
/// ```
///
/// A reader sees the old files or the new ones, never some of each, and one that holds an old file
/// keeps it. Whatever a crash leaves, the next write puts right.
final class PayloadDir {
  private static final String DATA = "..data";
  private static final DateTimeFormatter NAME =
      DateTimeFormatter.ofPattern("'..'yyyy_MM_dd_HH_mm_ss.nnnnnnnnn").withZone(ZoneOffset.UTC);

  private final Syscalls sys;
  private final Path dir;
  private final OptionalInt group;

  /// @param group who may read beside root
  PayloadDir(Syscalls sys, Path dir, OptionalInt group) {
    this.sys = sys;
    this.dir = dir;
    this.group = group;
  }

  /// False when the files are so already.
  boolean write(Content content, Instant now) {
    try {
      permit(dir, content.directories());
      boolean changed = !holds(content);
      if (changed) {
        replace(fresh(now), content);
      }
      link(content);
      clean();
      return changed;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the volume " + dir, e);
    }
  }

  /// What cannot be finished is not left: on a full disk each try would take more of it.
  private void replace(Path fresh, Content content) throws IOException {
    boolean done = false;
    try {
      fill(fresh, content);
      swap(fresh);
      done = true;
    } finally {
      if (!done) {
        FileTree.delete(fresh);
      }
    }
  }

  private Path fresh(Instant now) throws IOException {
    Path fresh = dir.resolve(NAME.format(now));
    FileTree.delete(fresh);
    Files.createDirectory(fresh);
    return fresh;
  }

  private void fill(Path fresh, Content content) throws IOException {
    permit(fresh, content.directories());
    for (Map.Entry<String, Content.Entry> file : content.files().entrySet()) {
      Path path = fresh.resolve(file.getKey());
      directories(fresh, parent(path), content.directories());
      Files.write(path, file.getValue().bytes());
      permit(path, file.getValue().mode());
    }
  }

  private void directories(Path fresh, Path wanted, int mode) throws IOException {
    if (wanted.equals(fresh) || Files.isDirectory(wanted)) {
      return;
    }
    directories(fresh, parent(wanted), mode);
    Files.createDirectory(wanted);
    permit(wanted, mode);
  }

  private static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "below the volume");
  }

  /// The group first: a change of owner clears the set-group bit.
  private void permit(Path path, int mode) {
    group.ifPresent(gid -> sys.fchownat(Linux.AT_FDCWD, path.toString(), 0, gid));
    sys.fchmodat(Linux.AT_FDCWD, path.toString(), mode);
  }

  private void swap(Path fresh) throws IOException {
    Path next = dir.resolve("..data_tmp");
    FileTree.delete(next);
    Files.createSymbolicLink(next, fresh.getFileName());
    Files.move(next, dir.resolve(DATA), StandardCopyOption.ATOMIC_MOVE);
  }

  private void link(Content content) throws IOException {
    for (String name : content.names()) {
      Path link = dir.resolve(name);
      if (!Files.isSymbolicLink(link)) {
        FileTree.delete(link);
        Files.createSymbolicLink(link, Path.of(DATA, name));
      }
    }
    for (String name : names()) {
      if (!name.startsWith("..") && !content.names().contains(name)) {
        FileTree.delete(dir.resolve(name));
      }
    }
  }

  /// What `..data` does not point to is of the past, or of a write that was cut short.
  private void clean() throws IOException {
    String current = Files.readSymbolicLink(dir.resolve(DATA)).toString();
    for (String name : names()) {
      if (name.startsWith("..") && !name.equals(DATA) && !name.equals(current)) {
        FileTree.delete(dir.resolve(name));
      }
    }
  }

  private Set<String> names() throws IOException {
    try (Stream<Path> entries = Files.list(dir)) {
      return entries
          .map(p -> String.valueOf(p.getFileName()))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /// Whether the files that are shown now are these, read back: a write that was cut short, or a
  /// machine that lost its memory, is seen.
  private boolean holds(Content content) throws IOException {
    Path shown = dir.resolve(DATA);
    if (!Files.isSymbolicLink(shown)) {
      return false;
    }
    Map<String, Content.Entry> found = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(shown.toRealPath())) {
      for (Path file :
          tree.filter(p -> Files.isRegularFile(p, LinkOption.NOFOLLOW_LINKS)).toList()) {
        int mode = sys.lstatat(Linux.AT_FDCWD, file.toString()).orElseThrow().mode() & 07777;
        String path = shown.toRealPath().relativize(file).toString();
        found.put(path, new Content.Entry(Files.readAllBytes(file), mode));
      }
    } catch (NoSuchFileException e) {
      return false;
    }
    return found.equals(content.files());
  }
}
