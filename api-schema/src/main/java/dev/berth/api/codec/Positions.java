package dev.berth.api.codec;

import java.util.Map;

/// Where each value of a tree was written, by its path (`spec.containers[0].image`; the root is the
/// empty path). For the member of an object it is the place of its key.
public record Positions(String file, Map<String, Position> byPath) {

  /// Line and column, counting from 1.
  public record Position(int line, int column) {}

  public Positions {
    byPath = Map.copyOf(byPath);
  }

  /// The place of the path or of the nearest thing around it.
  public Position of(String path) {
    String here = path;
    while (true) {
      Position found = byPath.get(here);
      if (found != null) {
        return found;
      }
      if (here.isEmpty()) {
        return new Position(1, 1);
      }
      here = here.substring(0, Math.max(0, Math.max(here.lastIndexOf('.'), here.lastIndexOf('['))));
    }
  }

  public Problem problem(String path, String message) {
    Position place = of(path);
    return new Problem(file, place.line(), place.column(), path, message);
  }
}
