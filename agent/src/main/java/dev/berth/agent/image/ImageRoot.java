package dev.berth.agent.image;

import dev.berth.agent.linux.Linux;
import dev.berth.agent.linux.Syscalls;
import dev.berth.agent.linux.Syscalls.Stat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Reads an image's files without mounting it: the layers as overlay would show them.
///
/// A directory is the list of the layers' directories that overlay would merge, each of them known
/// to be a real one before anything below it is looked at. So no link is ever followed by the
/// kernel, and one that an image contains leads no further than the image's own root.
public final class ImageRoot {
  private static final int MAX_LINKS = 40;
  private static final String OPAQUE = "trusted.overlay.opaque";
  private final Syscalls sys;
  private final List<Path> layers;

  /// The files of one image.
  ///
  /// @param layers uppermost first
  public ImageRoot(Syscalls sys, List<Path> layers) {
    this.sys = sys;
    this.layers = List.copyOf(layers);
  }

  /// A file of the image: where it lies on this host, and what it is.
  public record Entry(Path host, Stat stat) {}

  private record Node(List<Path> merged, Stat stat) {
    boolean directory() {
      return stat.type() == Linux.S_IFDIR;
    }
  }

  /// What a path inside the image means; empty when it leads to nothing.
  public Optional<Entry> find(String path) {
    Deque<String> rest = new ArrayDeque<>(parts(path));
    Deque<List<Path>> above = new ArrayDeque<>();
    above.push(layers);
    Optional<Node> at = node(layers, ".");
    int links = 0;
    while (!rest.isEmpty() && at.isPresent()) {
      String part = rest.pop();
      if (part.equals("..")) {
        if (above.size() > 1) {
          above.pop();
        }
        at = node(above.element(), ".");
        continue;
      }
      at = node(above.element(), part);
      if (at.isEmpty()) {
        return Optional.empty();
      }
      Node node = at.get();
      if (node.stat().type() == Linux.S_IFLNK) {
        if (++links > MAX_LINKS) {
          return Optional.empty();
        }
        String target = target(node);
        if (target.startsWith("/")) {
          above.clear();
          above.push(layers);
        }
        parts(target).reversed().forEach(rest::push);
        at = node(above.element(), ".");
      } else if (node.directory()) {
        above.push(node.merged());
      } else if (!rest.isEmpty()) {
        return Optional.empty();
      }
    }
    return at.map(n -> new Entry(n.merged().getFirst(), n.stat()));
  }

  /// The first bytes of a regular file that [#find] has named; empty for anything else.
  public byte[] head(Entry entry, int length) {
    if (entry.stat().type() != Linux.S_IFREG) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(entry.host(), LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(length);
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static List<String> parts(String path) {
    return Arrays.stream(path.split("/", -1)).filter(p -> !p.isEmpty() && !p.equals(".")).toList();
  }

  private String target(Node link) {
    return sys.readlinkat(Linux.AT_FDCWD, link.merged().getFirst().toString());
  }

  private Optional<Node> node(List<Path> merged, String name) {
    List<Path> found = new ArrayList<>();
    Optional<Stat> first = Optional.empty();
    for (Path dir : merged) {
      Path path = name.equals(".") ? dir : dir.resolve(name);
      Optional<Stat> stat = sys.lstatat(Linux.AT_FDCWD, path.toString());
      if (stat.isEmpty()) {
        continue;
      }
      if (whiteout(stat.get())) {
        break;
      }
      boolean directory = stat.get().type() == Linux.S_IFDIR;
      if (!found.isEmpty() && !directory) {
        break;
      }
      found.add(path);
      first = first.or(() -> stat);
      if (!directory || sys.lgetxattrs(path.toString()).containsKey(OPAQUE)) {
        break;
      }
    }
    return first.map(stat -> new Node(List.copyOf(found), stat));
  }

  private static boolean whiteout(Stat stat) {
    return stat.type() == Linux.S_IFCHR && stat.rdev() == 0;
  }
}
