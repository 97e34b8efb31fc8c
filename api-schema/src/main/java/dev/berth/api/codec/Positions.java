package dev.berth.api.codec;

import java.util.Map;

/// Where each value of a tree was written. For the member of an object it is the place of its key.
/// Paths may be asked for in any of the usual forms (`spec.containers[0].image`,
/// `metadata.labels[a.b/c]`).
public final class Positions {

  /// Line and column, counting from 1.
  public record Position(int line, int column) {}

  private final String file;
  private final Map<String, Position> byPath;

  /// Where this document is in the one that was read: empty, or the path of a list's item.
  private final String root;

  Positions(String file, Map<String, Position> byPath) {
    this(file, Map.copyOf(byPath), "");
  }

  private Positions(String file, Map<String, Position> byPath, String root) {
    this.file = file;
    this.byPath = byPath;
    this.root = root;
  }

  public String file() {
    return file;
  }

  /// The place of the path or of the nearest thing around it.
  public Position of(String path) {
    String here = join(root, plain(path));
    while (true) {
      Position found = byPath.get(here);
      if (found != null) {
        return found;
      }
      if (here.length() <= root.length()) {
        return new Position(1, 1);
      }
      here = here.substring(0, Math.max(root.length(), here.lastIndexOf('.')));
    }
  }

  private static String join(String start, String rest) {
    return start.isEmpty() || rest.isEmpty() ? start + rest : start + "." + rest;
  }

  public Problem problem(String path, String message) {
    Position place = of(path);
    return new Problem(file, place.line(), place.column(), path, message);
  }

  /// The places inside the value at this path, as if it were a document of its own.
  Positions below(String path) {
    return new Positions(file, byPath, join(root, plain(path)));
  }

  /// One spelling for keys and indexes: all joined by dots.
  static String plain(String path) {
    return path.indexOf('[') < 0 ? path : path.replace("[", ".").replace("]", "");
  }
}
