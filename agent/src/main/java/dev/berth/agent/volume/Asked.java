package dev.berth.agent.volume;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// What one pod's volumes refer to: the API is asked the first time, as what is followed for other
/// pods may lag behind, and who changes a ConfigMap and then makes a pod counts on the change. What
/// comes later is told. Used by one thread.
final class Asked {
  private final References references;
  private final Set<String> known = new HashSet<>();

  Asked(References references) {
    this.references = references;
  }

  Optional<ObjectNode> find(String kind, String namespace, String name) {
    String key = kind + "/" + namespace + "/" + name;
    if (known.contains(key)) {
      return references.current(kind, namespace, name);
    }
    Optional<ObjectNode> found = references.find(kind, namespace, name);
    found.ifPresent(_ -> known.add(key));
    return found;
  }

  /// Nothing is followed any more.
  void forget() {
    known.clear();
  }
}
