package dev.berth.controller.storage;

import dev.berth.api.Json;
import java.lang.ref.SoftReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// One object at one revision. The bytes are shared by every get, list and watch and are never
/// changed; the tree is parsed once, on demand, and is shared too: whoever wants to change it
/// copies.
public final class Versioned {
  private final String key;
  private final byte[] bytes;
  private final long revision;
  private volatile @Nullable SoftReference<ObjectNode> tree;
  private volatile @Nullable Map<String, String> labels;

  public Versioned(String key, byte[] bytes, long revision) {
    this.key = key;
    this.bytes = bytes;
    this.revision = revision;
  }

  public String key() {
    return key;
  }

  public byte[] bytes() {
    return bytes;
  }

  public long revision() {
    return revision;
  }

  public ObjectNode tree() {
    SoftReference<ObjectNode> cached = tree;
    ObjectNode parsed = cached == null ? null : cached.get();
    if (parsed == null) {
      parsed = Json.parseOwn(bytes);
      tree = new SoftReference<>(parsed);
    }
    return parsed;
  }

  /// Lets go of the tree of a value that is no more the present one. Thousands of them are held for
  /// watchers, which are sent bytes; whoever asks all the same has it parsed again.
  void superseded() {
    tree = null;
  }

  /// Its labels, remembered apart from the tree: selectors of watches ask each change for them.
  public Map<String, String> labels() {
    Map<String, String> known = labels;
    if (known == null) {
      known = Map.copyOf(Json.labels(tree()));
      labels = known;
    }
    return known;
  }

  @Override
  public String toString() {
    return key + "@" + revision;
  }
}
