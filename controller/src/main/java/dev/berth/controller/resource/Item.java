package dev.berth.controller.resource;

import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.controller.storage.Versioned;
import tools.jackson.databind.node.ObjectNode;

/// One stored object. Its tree and bytes are shared: copy before changing.
public final class Item {
  private final ResourceType type;
  private final Versioned stored;

  Item(ResourceType type, Versioned stored) {
    this.type = type;
    this.stored = stored;
  }

  public ResourceType type() {
    return type;
  }

  public ObjectKey key() {
    return ObjectKey.of(tree());
  }

  public ObjectNode tree() {
    return stored.tree();
  }

  public byte[] bytes() {
    return stored.bytes();
  }

  public long revision() {
    return stored.revision();
  }

  String storeKey() {
    return stored.key();
  }

  @Override
  public String toString() {
    return stored.toString();
  }
}
