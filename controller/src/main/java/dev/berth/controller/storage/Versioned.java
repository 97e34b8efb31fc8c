package dev.berth.controller.storage;

import dev.berth.api.Json;
import java.lang.ref.SoftReference;
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
      parsed = Json.parseObject(bytes);
      tree = new SoftReference<>(parsed);
    }
    return parsed;
  }

  @Override
  public String toString() {
    return key + "@" + revision;
  }
}
