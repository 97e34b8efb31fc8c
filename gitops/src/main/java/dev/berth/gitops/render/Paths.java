package dev.berth.gitops.render;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Paths inside a repository.
public final class Paths {
  private Paths() {}

  /// Where a relative path leads from a folder; empty where it is absolute or leaves the
  /// repository.
  public static Optional<String> resolve(String folder, String relative) {
    if (relative.startsWith("/") || relative.contains("://")) {
      return Optional.empty();
    }
    Deque<String> names = new ArrayDeque<>();
    for (String name : (folder + "/" + relative).split("/", -1)) {
      if (name.equals("..")) {
        if (names.pollLast() == null) {
          return Optional.empty();
        }
      } else if (!name.isEmpty() && !name.equals(".")) {
        names.addLast(name);
      }
    }
    return Optional.of(String.join("/", names));
  }
}
