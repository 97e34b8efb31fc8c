package dev.berth.gitops.port;

import dev.berth.api.GroupVersionKind;
import dev.berth.api.Json;
import dev.berth.api.ObjectKey;
import tools.jackson.databind.JsonNode;

/// An object whatever the version it is written in: what an inventory holds, and what two
/// repositories can both claim.
///
/// @param namespace empty where the kind is cluster scoped
public record ObjectRef(String group, String kind, String namespace, String name)
    implements Comparable<ObjectRef> {

  public static ObjectRef of(JsonNode object) {
    GroupVersionKind gvk = GroupVersionKind.of(object);
    return new ObjectRef(gvk.group(), gvk.kind(), Json.namespace(object), Json.name(object));
  }

  /// Reads what [#toString] wrote.
  ///
  /// @throws IllegalArgumentException where it is something else
  public static ObjectRef parse(String text) {
    String[] parts = text.split("/", -1);
    if (parts.length != 3 || parts[0].isEmpty() || parts[2].isEmpty()) {
      throw new IllegalArgumentException("expected KIND.GROUP/NAMESPACE/NAME, found " + text);
    }
    int dot = parts[0].indexOf('.');
    String kind = dot < 0 ? parts[0] : parts[0].substring(0, dot);
    String group = dot < 0 ? "" : parts[0].substring(dot + 1);
    return new ObjectRef(group, kind, parts[1], parts[2]);
  }

  public ObjectKey key() {
    return new ObjectKey(namespace, name);
  }

  /// As people say it: `Deployment shop/web`.
  public String words() {
    return kind + " " + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }

  @Override
  public int compareTo(ObjectRef other) {
    return toString().compareTo(other.toString());
  }

  /// `Deployment.apps/shop/web`, `ConfigMap/shop/settings`, `Namespace//shop`.
  @Override
  public String toString() {
    return kind + (group.isEmpty() ? "" : "." + group) + "/" + namespace + "/" + name;
  }
}
