package dev.berth.api.schema;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.ResourceType;
import java.util.Optional;

/// The schema of every kind that is served.
public final class Schemas {
  private Schemas() {}

  public static Optional<KindSchema> of(GroupVersionKind gvk) {
    return Unfinished.yet(gvk);
  }

  public static KindSchema of(ResourceType type) {
    return of(type.gvk())
        .orElseThrow(() -> new IllegalStateException("no schema for " + type.gvk()));
  }
}
