package dev.berth.dashboard.images;

import dev.berth.dashboard.port.ImageCatalog.Manifest;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Manifests that were read, by digest: those used last, so many as their texts are short enough
/// together. Anybody who may push can push large ones.
final class Manifests {
  static final int MOST_BYTES = 8 << 20;

  private final Map<String, Manifest> byDigest = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  Optional<Manifest> get(String digest) {
    return Optional.ofNullable(byDigest.get(digest));
  }

  void add(Manifest manifest) {
    Manifest before = byDigest.put(manifest.digest(), manifest);
    bytes += manifest.bytes() - (before == null ? 0 : before.bytes());
    Iterator<Manifest> oldest = byDigest.values().iterator();
    while (bytes > MOST_BYTES && oldest.hasNext()) {
      bytes -= oldest.next().bytes();
      oldest.remove();
    }
  }
}
