package dev.berth.agent.volume;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// The files of a volume that comes from the API: relative path to bytes and permissions. Equal
/// when all bytes are.
///
/// @param directories permissions of the directories
record Content(Map<String, Entry> files, int directories) {
  Content {
    files = Map.copyOf(files);
    files.keySet().forEach(Content::check);
  }

  /// One file; `mode` is its permissions, 0 to 0777.
  @SuppressWarnings("ArrayRecordComponent") // compared by its bytes below
  record Entry(byte[] bytes, int mode) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Entry e && mode == e.mode && Arrays.equals(bytes, e.bytes);
    }

    @Override
    public int hashCode() {
      return 31 * mode + Arrays.hashCode(bytes);
    }
  }

  /// Names that begin with two dots are ours; the API refuses these too, and a path that leads out
  /// must never be written whoever let it pass.
  private static void check(String path) {
    boolean bad =
        path.isEmpty()
            || path.startsWith("/")
            || path.indexOf('\0') >= 0
            || Arrays.stream(path.split("/", -1))
                .anyMatch(p -> p.isEmpty() || p.equals(".") || p.startsWith(".."));
    if (bad) {
      throw new MissingReferenceException("volume: the path \"" + path + "\" is not allowed");
    }
  }

  /// What appears at the top: files, or the first directories of paths.
  java.util.Set<String> names() {
    return files.keySet().stream()
        .map(p -> p.contains("/") ? p.substring(0, p.indexOf('/')) : p)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  /// As a member of this group may read it: what `fsGroup` asks for (kubernetes.io: "Configure a
  /// Security Context", volumes that are read-only).
  Content forGroup() {
    Map<String, Entry> all = new TreeMap<>();
    files.forEach((path, e) -> all.put(path, new Entry(e.bytes(), e.mode() | 0440)));
    return new Content(all, directories | 02550);
  }
}
