package dev.berth.controller.resource;

import dev.berth.api.ObjectKey;
import dev.berth.api.ResourceType;
import dev.berth.api.schema.Versions;
import org.jspecify.annotations.Nullable;

/// How kinds, namespaces and names become store keys: `pods/default/web-0`, `nodes/alpha`. Names
/// cannot hold a slash, so a prefix that ends in one never cuts a name.
public final class StoreKeys {
  private StoreKeys() {}

  static String prefix(ResourceType type, @Nullable String namespace) {
    String all = Versions.storage(type).qualifiedName() + "/";
    return namespace == null || namespace.isEmpty() || !type.namespaced()
        ? all
        : all + namespace + "/";
  }

  static String key(ResourceType type, ObjectKey key) {
    return prefix(type, key.namespace()) + key.name();
  }

  /// Heartbeats of nodes are written every few seconds and mean nothing after a restart: everything
  /// else is kept.
  public static boolean isPersistent(String storeKey) {
    return !storeKey.startsWith("leases.coordination.k8s.io/kube-node-lease/");
  }

  /// What is sealed on the disk.
  public static boolean isSecret(String storeKey) {
    return storeKey.startsWith("secrets/");
  }
}
