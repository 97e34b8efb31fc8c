package dev.berth.api;

import tools.jackson.databind.JsonNode;

/// Namespace and name; the namespace of a cluster-scoped object is the empty string.
public record ObjectKey(String namespace, String name) implements Comparable<ObjectKey> {

  public static ObjectKey of(JsonNode object) {
    return new ObjectKey(Json.namespace(object), Json.name(object));
  }

  public static ObjectKey clusterScoped(String name) {
    return new ObjectKey("", name);
  }

  @Override
  public int compareTo(ObjectKey other) {
    int byNamespace = namespace.compareTo(other.namespace);
    return byNamespace != 0 ? byNamespace : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
