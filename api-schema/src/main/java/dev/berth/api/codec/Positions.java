package dev.berth.api.codec;

import java.util.HashMap;
import java.util.Map;

/// Where each value of a tree was written. For the member of an object it is the place of its key.
/// Paths may be asked for in any of the usual forms (`spec.containers[0].image`,
/// `metadata.labels[a.b/c]`).
public final class Positions {

  /// Line and column, counting from 1.
  public record Position(int line, int column) {}

  private final String file;
  private final Map<String, Position> byPath;

  Positions(String file, Map<String, Position> byPath) {
    this.file = file;
    this.byPath = Map.copyOf(byPath);
  }

  public String file() {
    return file;
  }

  /// The place of the path or of the nearest thing around it.
  public Position of(String path) {
    String here = plain(path);
    while (true) {
      Position found = byPath.get(here);
      if (found != null) {
        return found;
      }
      if (here.isEmpty()) {
        return new Position(1, 1);
      }
      here = here.substring(0, Math.max(0, here.lastIndexOf('.')));
    }
  }

  public Problem problem(String path, String message) {
    Position place = of(path);
    return new Problem(file, place.line(), place.column(), path, message);
  }

  /// The places inside the value at this path, as if it were a document of its own.
  Positions below(String path) {
    String prefix = plain(path);
    Map<String, Position> inside = new HashMap<>();
    byPath.forEach(
        (key, place) -> {
          if (key.equals(prefix)) {
            inside.put("", place);
          } else if (key.startsWith(prefix + ".")) {
            inside.put(key.substring(prefix.length() + 1), place);
          }
        });
    return new Positions(file, inside);
  }

  /// One spelling for keys and indexes: all joined by dots.
  static String plain(String path) {
    return path.indexOf('[') < 0 ? path : path.replace("[", ".").replace("]", "");
  }
}
