package dev.berth.dashboard.scene;

import java.util.Set;

/// Where objects of a kind may be listed.
public sealed interface Reach {
  boolean includes(String namespace);

  default boolean isNowhere() {
    return this instanceof In(var namespaces) && namespaces.isEmpty();
  }

  /// In all namespaces, also in those that come; or the kind has none.
  record Everywhere() implements Reach {
    @Override
    public boolean includes(String namespace) {
      return true;
    }
  }

  /// In these.
  record In(Set<String> namespaces) implements Reach {
    public In {
      namespaces = Set.copyOf(namespaces);
    }

    @Override
    public boolean includes(String namespace) {
      return namespaces.contains(namespace);
    }
  }
}
